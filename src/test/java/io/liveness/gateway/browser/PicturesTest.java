package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.bill.Work;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.Chromium;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Makes the pictures of the documents anew, of the month that a newcomer makes: {@code mvn test -Dtest=PicturesTest -Dpictures=docs/images}. */
@QuarkusTest
@TestProfile(OptionsOn.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "pictures", matches = ".+")
class PicturesTest {

    private static final long MOST_BYTES = 150_000;

    @RegisterExtension
    static final Browser browser = new Browser(Chromium::refusingCamera);

    @TestHTTPResource("/")
    URL gateway;

    @Inject
    Stored stored;

    private String statement;

    @BeforeEach
    void a_month_and_its_bill() throws SQLException {
        if (statement == null) {
            stored.removeBefore(Instant.now());
            RestAssured.post("/sandbox/month").then().statusCode(200);
            String bill = new String(RestAssured.get("/sandbox/month/bill.csv").asByteArray(), StandardCharsets.UTF_8);
            statement = new Work(Api.person("ada", "console", "finance-admin")).imported(bill, "dryRun=false");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // name, person, address, colours
        "demo,        ,     /,                        light",
        "home,        ada,  /console/home?lang=en,    light",
        "checks,      ada,  /console/checks?lang=en,  light",
        "differences, ada,  /console/differences/{statement}?lang=zh, light",
        "sessions,    otto, /console/sessions?lang=en,  dark",
    })
    void a_picture(String name, String person, String address, String colours) throws IOException {
        browser.resize(1280, 800);
        browser.systemColours(colours);
        if (person != null) {
            signIn(person);
        }
        browser.open(gateway + address.substring(1).replace("{statement}", statement));
        browser.until(name, () -> browser.has("body[data-ready]") && !browser.has("[aria-busy=true]"));
        assertThat(browser.shows("not-found")).isFalse();
        browser.run("document.documentElement.style.scrollbarWidth = 'none'");
        browser.picture("docs-" + name);
        Path made = Path.of("target", "browser", "docs-" + name + ".png");
        Path small = Path.of(System.getProperty("pictures"), name + ".png");
        writeSmall(ImageIO.read(made.toFile()), small);
        assertThat(Files.size(small)).isLessThan(MOST_BYTES);
    }

    /**
     * The picture has no transparency and is packed as well as PNG can be: it is a quarter smaller than the browser
     * makes it.
     */
    private static void writeSmall(BufferedImage picture, Path file) throws IOException {
        BufferedImage opaque = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        opaque.createGraphics().drawImage(picture, 0, 0, null);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam packed = writer.getDefaultWriteParam();
        packed.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        packed.setCompressionQuality(0);
        Files.deleteIfExists(file);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(opaque, null, null), packed);
        }
    }

    private void signIn(String person) {
        browser.open(gateway + "console/signed-out");
        browser.forgetCookies();
        browser.open(gateway + "console/");
        browser.until("the choice", () -> browser.has("[data-person=" + person + "]"));
        browser.press("[data-person=" + person + "]");
        browser.until("the console is open", () -> browser.has("main h1"));
    }
}

package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.CapturePage;
import io.liveness.gateway.testsupport.browser.Chromium;
import io.liveness.gateway.testsupport.browser.ReturnPage;
import io.liveness.gateway.testsupport.browser.StartPage;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The walk on a narrow phone, in both languages: nothing is wider than the screen. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class BrowserPhoneTest {

    private static final int WIDTH = 360;
    private static final int HEIGHT = 740;

    @RegisterExtension
    static final Browser browser = new Browser(Chromium::withCamera);

    private final String caller = Api.asNewCaller().caller();

    @TestHTTPResource("/")
    URL gateway;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "en,    Start a liveness check, Face liveness check, Choose the verdict, a living person",
        "zh-CN, 发起活体检测,             人脸活体检测,           选择结论,             检测通过",
    })
    void every_page_fits_a_phone(String language, String start, String capture, String verdicts, String passed) {
        StartPage startPage = browser.start(gateway, caller).inLanguage(language);
        browser.beAPhone(WIDTH, HEIGHT);
        startPage.actionStyle("CUSTOM");
        fits("start", language, start);
        startPage.scenario("code-601").openToAProblem();
        fits("problem", language, start);
        startPage.scenario("").actionStyle("HEAD_AND_FACE").open();
        fits("opened", language, start);

        CapturePage capturePage = startPage.go();
        fits("capture", language, capture);
        capturePage.start().cameraPlays();
        fits("prompt", language, capture);
        browser.awaitShown("flash");
        fits("flash", language, capture);
        capturePage.awaitVerdicts();
        fits("verdicts", language, verdicts);

        capturePage.choose("passed");
        new ReturnPage(browser).awaitStatus("PASSED");
        fits("return", language, passed);
        assertThat(browser.complaints()).allMatch(complaint -> complaint.contains("502"));
    }

    private void fits(String page, String language, String text) {
        browser.picture("phone-" + language + "-" + page);
        assertThat(browser.run("return document.documentElement.lang")).isEqualTo(language);
        assertThat(browser.run("return document.body.innerText").toString()).contains(text);
        // A phone zooms out of what is too wide, so the window's own width would grow with it.
        assertThat((Long) browser.run("return document.scrollingElement.scrollWidth"))
                .as("width of %s", page)
                .isLessThanOrEqualTo(WIDTH);
    }
}

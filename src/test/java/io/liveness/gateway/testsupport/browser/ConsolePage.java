package io.liveness.gateway.testsupport.browser;

import io.liveness.gateway.testsupport.process.Keycloak;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.SoftAssertions;

/** The console in a browser, and the issuer's page that people sign in on. */
public final class ConsolePage {

    private static final String AXE = axe();

    private final Browser browser;
    private final String gateway;

    ConsolePage(Browser browser, String gateway) {
        this.browser = browser;
        this.gateway = gateway;
    }

    /** Goes to a view as a person without a session at the issuer. */
    public ConsolePage signIn(String userName, String view) {
        browser.open(gateway + "/console/signed-out");
        browser.forgetCookies();
        browser.complaints();
        browser.open(gateway + "/console/" + view);
        giveName(userName);
        browser.until("the console is open", this::isOpen);
        return this;
    }

    public void giveName(String userName) {
        browser.until("the issuer asks for the name", () -> browser.has("#username"));
        browser.type("#username", userName);
        browser.type("#password", Keycloak.PASSWORD_OF_PEOPLE);
        browser.press("#kc-login");
    }

    /** Opens a view, and waits until it has loaded. */
    public ConsolePage open(String view) {
        browser.open(gateway + "/console/" + view);
        return awaitLoaded();
    }

    public ConsolePage awaitLoaded() {
        browser.until("the view has loaded", () -> isOpen() && !browser.has("[aria-busy=true]"));
        return this;
    }

    private boolean isOpen() {
        return browser.address().startsWith(gateway + "/console/") && browser.has("main h1");
    }

    public List<String> cells(String table, int column) {
        return browser.findAll(table, "tbody tr > :nth-child(" + column + ")").stream()
                .map(cell -> cell.getText().strip())
                .toList();
    }

    /** What the browser had to say since the person signed in, of the console's pages and files. */
    public List<String> complaints() {
        return browser.complaints().stream()
                .filter(complaint -> complaint.contains(gateway))
                .toList();
    }

    /** What breaks a rule of axe-core. */
    public List<String> violations() {
        browser.runAxe(AXE);
        return browser.violations();
    }

    /**
     * Each view keeps the rules of accessibility and is as wide as the window, in both languages and colours, on a desk and on a phone.
     * There is a picture of each.
     *
     * @param prepare what is done in a view that was opened
     */
    public void assertAccessible(List<String> views, Consumer<String> prepare) {
        SoftAssertions all = new SoftAssertions();
        for (String colours : List.of("light", "dark")) {
            browser.systemColours(colours);
            for (String lang : List.of("en", "zh")) {
                for (String view : views) {
                    for (int width : List.of(1280, 360)) {
                        browser.resize(width, 900);
                        open(view + "?lang=" + lang);
                        prepare.accept(view);
                        String name =
                                "console-%s-%s-%s-%dpx".formatted(view.replaceAll("/.*", "-one"), lang, colours, width);
                        browser.picture(name);
                        all.assertThat(violations()).as(name).isEmpty();
                        all.assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
                                .as("%s is as wide as the window", name)
                                .isLessThanOrEqualTo(width);
                    }
                }
            }
        }
        browser.systemColours("light");
        browser.resize(1280, 900);
        all.assertThat(complaints()).isEmpty();
        all.assertAll();
    }

    private static String axe() {
        try (InputStream script = ConsolePage.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

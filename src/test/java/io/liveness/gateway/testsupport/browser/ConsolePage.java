package io.liveness.gateway.testsupport.browser;

import io.liveness.gateway.testsupport.process.Keycloak;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.openqa.selenium.WebElement;

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

    /** What happened to the session that is open, in the order of time. */
    public List<String> timeline() {
        return browser.findAll("timeline", "strong").stream()
                .map(WebElement::getText)
                .toList();
    }

    /** Whether a page that is looked at again asks for what it shows. */
    public boolean asksAgain() {
        return (Boolean) browser.run("const real = window.fetch; let asked = false;"
                + " window.fetch = (...all) => { asked = true; return real(...all); };"
                + " document.dispatchEvent(new Event('visibilitychange')); window.fetch = real; return asked;");
    }

    /** Has requests of the page fail as they do while the database is away, until it is opened anew. */
    public void loseDatabase() {
        browser.run("window.fetch = () => Promise.resolve(new Response('{}', { status: 503 }))");
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

    /** The signed-in person's, as a request has them. */
    public String cookies() {
        return browser.cookies().stream()
                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    /** What a browser loads that keeps nothing, and when it first paints; the fastest of some tries. */
    public record Load(long bytes, double paintMillis) {}

    public Load load(String view, int tries) {
        return IntStream.range(0, tries)
                .mapToObj(attempt -> {
                    browser.forgetFiles();
                    open(view);
                    browser.until("it is painted", () -> (Boolean)
                            browser.run("return performance.getEntriesByName('first-contentful-paint').length > 0"));
                    List<?> figures = (List<?>) browser.run(
                            "const all = ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind));"
                                    + " return [all.reduce((sum, { transferSize }) => sum + transferSize, 0),"
                                    + " performance.getEntriesByName('first-contentful-paint')[0].startTime]");
                    return new Load(((Number) figures.get(0)).longValue(), ((Number) figures.get(1)).doubleValue());
                })
                .min(Comparator.comparing(Load::paintMillis))
                .orElseThrow();
    }

    /**
     * Each view keeps the rules of accessibility and is as wide as the window, in both languages and colours, on a desk and on a phone.
     * There is a picture of each.
     *
     * @param views and what is done in each before it is looked at
     */
    public void assertAccessible(Map<String, Runnable> views) {
        SoftAssertions all = new SoftAssertions();
        for (String colours : List.of("light", "dark")) {
            browser.systemColours(colours);
            for (String lang : List.of("en", "zh")) {
                views.forEach((view, prepare) -> {
                    for (int width : List.of(1440, 390)) {
                        browser.resize(width, 900);
                        open(view + (view.contains("?") ? "&" : "?") + "lang=" + lang);
                        prepare.run();
                        String name = "console-%s-%s-%s-%dpx".formatted(named(view), lang, colours, width);
                        browser.wholePicture(name, width);
                        all.assertThat(violations()).as(name).isEmpty();
                        all.assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
                                .as("%s is as wide as the window", name)
                                .isLessThanOrEqualTo(width);
                    }
                });
            }
        }
        browser.systemColours("light");
        browser.resize(1280, 900);
        all.assertThat(complaints()).isEmpty();
        all.assertAll();
    }

    private static String named(String view) {
        return view.isEmpty() ? "start" : view.replaceAll("/.*", "-one").replaceAll("[^A-Za-z0-9-]", "-");
    }

    private static String axe() {
        try (InputStream script = ConsolePage.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

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
import java.util.stream.Stream;
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

    /** The next request of the page is answered so: a script that gives it, with the request as {@code sent} and as {@code asked()} the real one. */
    public void answerNext(String answer) {
        browser.run("const real = window.fetch; window.fetch = async (...sent) => {"
                + " window.fetch = real; const asked = () => real(...sent); return " + answer + "; }");
    }

    private boolean isOpen() {
        return browser.address().startsWith(gateway + "/console/") && browser.has("main h1");
    }

    public List<String> cells(String table, int column) {
        return browser.findAll(table, "tbody tr > :nth-child(" + column + ")").stream()
                .map(cell -> cell.getText().strip())
                .toList();
    }

    /** The state of a step to the close of a month: done, now, later or blocked. */
    public String step(int place) {
        return browser.findAll("steps", "li:nth-child(" + place + ")").get(0).getDomAttribute("class");
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

    /** How a page is looked at. */
    public record Look(String lang, String colours, int width) {

        /** Each with each other. */
        public static final List<Look> ALL = Stream.of("light", "dark")
                .flatMap(colours -> Stream.of("en", "zh")
                        .flatMap(lang -> Stream.of(1440, 390).map(width -> new Look(lang, colours, width))))
                .toList();

        /** Each at least once. */
        public static final List<Look> TWO = List.of(new Look("en", "light", 1440), new Look("zh", "dark", 390));

        private String of(String view) {
            return "console-%s-%s-%s-%dpx".formatted(named(view), lang, colours, width);
        }
    }

    /**
     * Each view keeps the rules of accessibility and is as wide as the window, however it is looked at. There is a picture of each.
     *
     * @param views and what is done in each before it is looked at
     */
    public void assertAccessible(Map<String, Runnable> views, List<Look> looks) {
        SoftAssertions all = new SoftAssertions();
        for (Look look : looks) {
            browser.systemColours(look.colours);
            views.forEach((view, prepare) -> {
                browser.resize(look.width, 900);
                open(view + (view.contains("?") ? "&" : "?") + "lang=" + look.lang);
                prepare.run();
                browser.wholePicture(look.of(view), look.width);
                all.assertThat(violations()).as(look.of(view)).isEmpty();
                all.assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
                        .as("%s is as wide as the window", look.of(view))
                        .isLessThanOrEqualTo(look.width);
            });
        }
        browser.systemColours("light");
        browser.resize(1280, 900);
        all.assertThat(complaints()).isEmpty();
        all.assertAll();
    }

    private static String named(String view) {
        return view.isEmpty() ? "start" : view.replaceAll("/[^?]*", "-one").replaceAll("[^A-Za-z0-9-]", "-");
    }

    private static String axe() {
        try (InputStream script = ConsolePage.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.liveness.gateway.testsupport.browser;

import io.liveness.gateway.testsupport.process.Keycloak;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.openqa.selenium.WebElement;

/** The console in a browser, and the issuer's page that people sign in on. */
public final class ConsolePage {

    private static final String AXE = axe();
    private static final List<String> RULES_OF_COLOURS = List.of("color-contrast", "link-in-text-block");

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
        return browser.violations(AXE, List.of());
    }

    /** The signed-in person's, as a request has them. */
    public String cookies() {
        return browser.cookies().stream()
                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    /** What a browser loads that keeps nothing, and when it first paints. */
    public record Load(long bytes, double paintMillis) {}

    public Load load(String view) {
        browser.forgetFiles();
        open(view);
        browser.until("it is painted", () ->
                (Boolean) browser.run("return performance.getEntriesByName('first-contentful-paint').length > 0"));
        List<?> figures = (List<?>) browser.run(
                "const all = ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind));"
                        + " return [all.reduce((sum, { transferSize }) => sum + transferSize, 0),"
                        + " performance.getEntriesByName('first-contentful-paint')[0].startTime]");
        return new Load(((Number) figures.get(0)).longValue(), ((Number) figures.get(1)).doubleValue());
    }

    /** How a page is looked at. */
    public record Look(String lang, String colours, int width) {

        /** Any two of language, colours and width together. */
        public static final List<Look> PAIRS = List.of(
                new Look("en", "light", 1440),
                new Look("en", "dark", 390),
                new Look("zh", "light", 390),
                new Look("zh", "dark", 1440));

        /** The two looks have each language, colour and width once. */
        public static final List<Look> TWO = List.of(new Look("en", "light", 1440), new Look("zh", "dark", 390));

        private String of(String view) {
            return "console-%s-%s-%s-%dpx".formatted(named(view), lang, colours, width);
        }

        private boolean isWideAs(Look other) {
            return width == other.width;
        }

        private boolean isOfColours(Look other) {
            return colours.equals(other.colours);
        }
    }

    /**
     * Each view keeps the rules of accessibility and is as wide as the window, however it is looked at. There is a picture of each. It is
     * loaded once for each language, and its colours and width change while it is shown.
     *
     * @param views and what is done in each before it is looked at
     */
    public void assertAccessible(Map<String, Runnable> views, List<Look> looks) {
        SoftAssertions all = new SoftAssertions();
        views.forEach((view, prepare) -> {
            List<Look> before = new ArrayList<>();
            for (Look look : looks) {
                browser.look(look.colours, look.width);
                if (before.stream().noneMatch(other -> other.lang.equals(look.lang))) {
                    open(view + (view.contains("?") ? "&" : "?") + "lang=" + look.lang);
                    prepare.run();
                }
                browser.wholePicture(look.of(view), look.width);
                all.assertThat(violations(look, before)).as(look.of(view)).isEmpty();
                all.assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
                        .as("%s is as wide as the window", look.of(view))
                        .isLessThanOrEqualTo(look.width);
                before.add(look);
            }
        });
        browser.look("light", 1280);
        all.assertThat(complaints()).isEmpty();
        all.assertAll();
    }

    /** The elements are the same in other words, and those of a width in other colours: what has been tried is not tried again. */
    private List<String> violations(Look look, List<Look> before) {
        if (before.stream().noneMatch(look::isWideAs)) {
            return violations();
        }
        return before.stream().anyMatch(other -> look.isWideAs(other) && look.isOfColours(other))
                ? List.of()
                : browser.violations(AXE, RULES_OF_COLOURS);
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

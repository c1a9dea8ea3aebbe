package io.liveness.gateway.testsupport.browser;

import java.util.List;
import java.util.stream.Stream;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The start page of the demo, which opens a session like an internal service. */
public final class StartPage {

    private final Browser browser;

    StartPage(Browser browser) {
        this.browser = browser;
        browser.awaitPage("/");
    }

    StartPage as(String caller) {
        return type("caller", caller + Keys.TAB);
    }

    /** {@code en} or {@code zh-CN}. */
    public StartPage inLanguage(String language) {
        if (!language.equals(browser.run("return document.documentElement.lang"))) {
            browser.click("language");
        }
        return this;
    }

    public StartPage scenario(String name) {
        return choose("scenario", name);
    }

    public StartPage actionStyle(String style) {
        return choose("action-style", style);
    }

    public StartPage title(String title) {
        return type("title", title);
    }

    public StartPage returnKind(String kind) {
        return choose("return-kind", kind);
    }

    public StartPage returnUrl(String returnUrl) {
        return type("return-url", returnUrl);
    }

    public StartPage withoutFlash() {
        browser.click("anti-camera-hack");
        return this;
    }

    /** In the order given, in place of what is chosen. */
    public StartPage actions(List<String> actions) {
        String chosen = "[aria-pressed=true]";
        while (!browser.findAll("actions", chosen).isEmpty()) {
            browser.findAll("actions", chosen).get(0).click();
        }
        actions.forEach(action -> browser.findAll("actions", "[data-action=" + action + "]")
                .get(0)
                .click());
        return this;
    }

    public CapturePage openAndGo() {
        browser.click("open-and-go");
        return new CapturePage(browser);
    }

    public StartPage open() {
        browser.click("open");
        browser.awaitShown("go");
        return this;
    }

    public CapturePage go() {
        browser.click("go");
        return new CapturePage(browser);
    }

    /** Opens in vain. */
    public String openToAProblem() {
        browser.click("open");
        browser.awaitShown("problem");
        return browser.text("problem");
    }

    /** The one that belongs to what is shown: a problem, or the session. */
    public String key() {
        return Stream.of("problem", "opened")
                .filter(browser::shows)
                .map(box -> browser.findAll(box, "[data-testid=key]").get(0).getText())
                .findFirst()
                .orElseThrow();
    }

    /** The own sessions' statuses, newest first, once there are as many. */
    public List<String> sessions(int count) {
        browser.until(count + " sessions", () -> rows().size() == count);
        return rows().stream().map(row -> row.getDomAttribute("data-status")).toList();
    }

    public ReturnPage sessionOfTheProblem() {
        browser.findAll("problem", "a").get(0).click();
        return new ReturnPage(browser);
    }

    private List<WebElement> rows() {
        return browser.findAll("sessions", "li");
    }

    private StartPage choose(String testId, String value) {
        new Select(browser.find(testId)).selectByValue(value);
        return this;
    }

    private StartPage type(String testId, String text) {
        browser.find(testId).sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
        return this;
    }
}

package io.liveness.gateway.browser;

import java.util.List;
import java.util.stream.Stream;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** Where a session is opened as an internal service would open it. */
final class StartPage {

    private final Browser browser;

    StartPage(Browser browser) {
        this.browser = browser;
        browser.awaitPage("/");
    }

    StartPage as(String caller) {
        return type("caller", caller + Keys.TAB);
    }

    /** {@code en} or {@code zh-CN}. */
    StartPage inLanguage(String language) {
        if (!language.equals(browser.run("return document.documentElement.lang"))) {
            browser.click("language");
        }
        return this;
    }

    StartPage scenario(String name) {
        return choose("scenario", name);
    }

    StartPage actionStyle(String style) {
        return choose("action-style", style);
    }

    StartPage title(String title) {
        return type("title", title);
    }

    StartPage returnKind(String kind) {
        return choose("return-kind", kind);
    }

    StartPage returnUrl(String returnUrl) {
        return type("return-url", returnUrl);
    }

    StartPage withoutFlash() {
        browser.click("anti-camera-hack");
        return this;
    }

    /** In the order given, in place of what is chosen. */
    StartPage actions(List<String> actions) {
        String chosen = "[aria-pressed=true]";
        while (!browser.findAll("actions", chosen).isEmpty()) {
            browser.findAll("actions", chosen).get(0).click();
        }
        actions.forEach(action -> browser.findAll("actions", "[data-action=" + action + "]")
                .get(0)
                .click());
        return this;
    }

    CapturePage openAndGo() {
        browser.click("open-and-go");
        return new CapturePage(browser);
    }

    StartPage open() {
        browser.click("open");
        browser.awaitShown("go");
        return this;
    }

    CapturePage go() {
        browser.click("go");
        return new CapturePage(browser);
    }

    /** Opens in vain. */
    String openToAProblem() {
        browser.click("open");
        browser.awaitShown("problem");
        return browser.text("problem");
    }

    /** The one that belongs to what is shown: a problem, or the session. */
    String key() {
        return Stream.of("problem", "opened")
                .filter(browser::shows)
                .map(box -> browser.findAll(box, "[data-testid=key]").get(0).getText())
                .findFirst()
                .orElseThrow();
    }

    /** The own sessions' statuses, newest first, once there are as many. */
    List<String> sessions(int count) {
        browser.until(count + " sessions", () -> rows().size() == count);
        return rows().stream().map(row -> row.getDomAttribute("data-status")).toList();
    }

    ReturnPage sessionOfTheProblem() {
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

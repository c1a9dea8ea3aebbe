package io.liveness.gateway.testsupport.browser;

import org.openqa.selenium.Keys;
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

    private StartPage choose(String testId, String value) {
        new Select(browser.find(testId)).selectByValue(value);
        return this;
    }

    private StartPage type(String testId, String text) {
        browser.find(testId).sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
        return this;
    }
}

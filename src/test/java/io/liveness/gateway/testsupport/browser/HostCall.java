package io.liveness.gateway.testsupport.browser;

/** The capture page after its call to the mini program or app around it. */
public final class HostCall {

    private final Browser browser;

    HostCall(Browser browser) {
        this.browser = browser;
        browser.awaitShown("host-call");
    }

    public String text() {
        return browser.text("host-call");
    }

    public boolean called() {
        return "true".equals(browser.find("host-call").getDomAttribute("data-called"));
    }

    /**
     * As {@link #goOn()}, when the browser was sent to another app's address. Its own question whether to open that lies over
     * the page and takes the clicks meant for it.
     */
    public ReturnPage goOnPastTheBrowsersQuestion() {
        browser.run("arguments[0].click()", browser.find("host-continue"));
        return new ReturnPage(browser);
    }

    public ReturnPage goOn() {
        browser.click("host-continue");
        return new ReturnPage(browser);
    }
}

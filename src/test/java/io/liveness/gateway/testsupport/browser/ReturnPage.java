package io.liveness.gateway.testsupport.browser;

import java.util.List;

/** The return page of the demo: the session and both books. */
public final class ReturnPage {

    public static final String PATH = "/return.html";

    private final Browser browser;

    public ReturnPage(Browser browser) {
        this.browser = browser;
        browser.awaitPage(PATH);
        browser.awaitShown("status");
    }

    public ReturnPage awaitStatus(String status) {
        browser.until("the status is " + status, () -> browser.text("status").equals(status));
        return this;
    }

    public String chargeStatus() {
        return browser.text("charge-status");
    }

    public String chargeAmount() {
        return browser.text("charge-amount");
    }

    public String hint() {
        return browser.text("hint");
    }

    public List<String> events() {
        return attributes("events", "li", "data-type");
    }

    public List<String> ledger() {
        return attributes("ledger", "tr", "data-kind");
    }

    public List<String> vendorBook() {
        return attributes("vendor-book", "dl", "data-status");
    }

    public String agreement() {
        return browser.find("agreement").getDomAttribute("data-agreement");
    }

    private List<String> attributes(String testId, String within, String attribute) {
        return browser.findAll(testId, within).stream()
                .map(element -> element.getDomAttribute(attribute))
                .toList();
    }
}

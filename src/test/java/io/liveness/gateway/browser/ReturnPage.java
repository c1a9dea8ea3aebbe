package io.liveness.gateway.browser;

import java.util.List;

/** Where the browser comes back to: the session, and both books. */
final class ReturnPage {

    static final String PATH = "/return.html";

    private final Browser browser;

    ReturnPage(Browser browser) {
        this.browser = browser;
        browser.awaitPage(PATH);
        browser.awaitShown("status");
    }

    ReturnPage awaitStatus(String status) {
        browser.until("the status is " + status, () -> browser.text("status").equals(status));
        return this;
    }

    String chargeStatus() {
        return browser.text("charge-status");
    }

    String chargeAmount() {
        return browser.text("charge-amount");
    }

    String hint() {
        return browser.text("hint");
    }

    List<String> events() {
        return attributes("events", "li", "data-type");
    }

    List<String> ledger() {
        return attributes("ledger", "tr", "data-kind");
    }

    List<String> vendorBook() {
        return attributes("vendor-book", "dl", "data-status");
    }

    String agreement() {
        return browser.find("agreement").getDomAttribute("data-agreement");
    }

    private List<String> attributes(String testId, String within, String attribute) {
        return browser.findAll(testId, within).stream()
                .map(element -> element.getDomAttribute(attribute))
                .toList();
    }
}

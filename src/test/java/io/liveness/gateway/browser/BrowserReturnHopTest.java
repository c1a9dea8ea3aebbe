package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.CapturePage;
import io.liveness.gateway.testsupport.browser.Chromium;
import io.liveness.gateway.testsupport.browser.StartPage;
import io.liveness.gateway.testsupport.http.StubServer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A person comes back over the hop: the verdict is known before the caller's page opens. The scheduler is off, and that page
 * sends no request, so only the hop can have called the vendor.
 */
@QuarkusTest
@TestProfile(OptionsOn.class)
class BrowserReturnHopTest {

    @RegisterExtension
    static final Browser browser = new Browser(Chromium::refusingCamera);

    private final String caller = Api.asNewCaller().caller();

    @TestHTTPResource("/")
    URL gateway;

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        // returnUrl, verdict on the page, result passed along, status at the opening of the caller's page
        "plain,   passed,     true,  PASSED/CHARGED",
        "replace, failed,     false, FAILED/REFUNDED",
    })
    void the_verdict_is_known_when_the_callers_page_opens(String kind, String verdict, String passed, String known)
            throws IOException {
        long calls = sandbox.books().resultCalls();
        try (CallersServer shop = new CallersServer(this::stateOfTheSession)) {
            CapturePage capture =
                    quick(kind, shop.page() + "?order=7#paid").open().go();
            String token = capture.token();
            long pages = browser.historyLength();
            assertThat(stateOfTheSession()).isEqualTo("PENDING/PRE_DEDUCTED");

            capture.start().awaitVerdicts().choose(verdict);
            browser.until("the shop's page is open", () -> browser.title().equals(CallersServer.TITLE));

            assertThat(shop.openings()).containsExactly("?order=7&token=" + token + "&passed=" + passed + " " + known);
            assertThat(browser.address())
                    .isEqualTo(shop.page() + "?order=7&token=" + token + "&passed=" + passed + "#paid");
            assertThat(browser.run("return document.referrer")).asString().doesNotContain("/v1/return/", "token=");
            assertThat(browser.historyLength()).isEqualTo(kind.equals("replace") ? pages : pages + 1);
        }
        assertThat(sandbox.books().resultCalls() - calls).isEqualTo(1);
    }

    private StartPage quick(String kind, String page) {
        return browser.start(gateway, caller)
                .actionStyle("SILENT")
                .withoutFlash()
                .returnKind(kind)
                .returnUrl(kind.equals("replace") ? "replace:" + page : page);
    }

    /** The session's stored state, read from the database, because a question to the gateway may change it. */
    private String stateOfTheSession() {
        List<String> states =
                stored.strings("select status || '/' || charge_status from liveness_session where caller = ?", caller);
        assertThat(states).hasSize(1);
        return states.get(0);
    }

    /** A caller's web server. Its page sends no request to the gateway, and records the session's state when it opens. */
    private static final class CallersServer implements AutoCloseable {

        static final String TITLE = "Thank you";

        private static final String PAGE = "/done";

        private final StubServer server = new StubServer(this::open);
        private final Supplier<String> known;
        private final List<String> openings = new CopyOnWriteArrayList<>();

        private CallersServer(Supplier<String> known) {
            this.known = known;
        }

        String page() {
            return server.url() + PAGE;
        }

        /** Each opening of the page tells its query, and what was known then. */
        List<String> openings() {
            return List.copyOf(openings);
        }

        private void open(HttpExchange request) throws IOException {
            // A browser asks for an icon too.
            if (request.getRequestURI().getPath().equals(PAGE)) {
                openings.add("?" + request.getRequestURI().getRawQuery() + " " + known.get());
            }
            request.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            StubServer.answer(request, 200, "<!doctype html><title>%s</title>".formatted(TITLE));
        }

        @Override
        public void close() {
            server.close();
        }
    }
}

package io.liveness.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.CapturePage;
import io.liveness.gateway.testsupport.browser.Chromium;
import io.liveness.gateway.testsupport.browser.HostCall;
import io.liveness.gateway.testsupport.browser.StartPage;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the vendor's page leaves, for each prefix of the returnUrl (vendor document, returnUrl参数说明). */
@QuarkusTest
class BrowserReturnTest {

    /** A mini program's bridge that writes down its calls. */
    private static final String MINI_PROGRAM = """
            window.calls = [];
            window.wx = { miniProgram: {
              redirectTo: ({ url }) => window.calls.push(`redirectTo ${url}`),
              navigateBack: (...values) => window.calls.push(['navigateBack', ...values].join(' ')),
            } };
            """;

    private static final String ANDROID_APP = """
            window.calls = [];
            window.handleLive = { notifyResult: (token) => window.calls.push(`notifyResult ${token}`) };
            """;

    private static final String IOS_APP = """
            window.calls = [];
            window.webkit = { messageHandlers: { notifyResult: {
              postMessage: (token) => window.calls.push(`notifyResult ${token}`),
            } } };
            """;

    // Without a camera there is no prompt to wait for: the verdict can be chosen at once.
    @RegisterExtension
    static final Browser browser = new Browser(Chromium::refusingCamera);

    private final String caller = Api.asNewCaller().caller();

    @TestHTTPResource("/")
    URL gateway;

    @Test
    void an_ordinary_redirect_leaves_the_finished_check_behind_it() {
        CapturePage capture = quick("plain").open().go();
        long pages = browser.historyLength();
        capture.finish("passed").awaitStatus("PASSED");

        assertThat(browser.historyLength()).isEqualTo(pages + 1);
        browser.back();
        browser.awaitPage(CapturePage.PATH);
        assertThat(browser.text("message")).isEqualTo("This check is finished. It cannot be made twice.");
        assertThat(browser.shows("start-check")).isFalse();
    }

    @Test
    void a_replaced_page_is_no_step_back() {
        CapturePage capture = quick("replace").open().go();
        long pages = browser.historyLength();
        capture.finish("passed").awaitStatus("PASSED");

        assertThat(browser.historyLength()).isEqualTo(pages);
        browser.back();
        browser.awaitPage("/");
    }

    @Test
    void without_a_host_the_page_shows_the_call_and_goes_on() {
        CapturePage capture = quick("wx.redirect").openAndGo();
        String token = capture.token();

        HostCall host = capture.passToHost();

        browser.picture("host");
        assertThat(host.called()).isFalse();
        assertThat(host.text())
                .isEqualTo("wx.miniProgram.redirectTo {\"url\":\"/pages/result?token=…%s&passed=true\"}"
                        .formatted(lastFour(token)));

        host.goOn().awaitStatus("PASSED");
        assertThat(browser.address()).doesNotContain(token);
    }

    @Test
    void the_address_of_another_app_is_shown_for_where_it_is_not_installed() {
        CapturePage capture = quick("scheme").openAndGo();
        String token = capture.token();
        HostCall host = capture.passToHost();

        assertThat(host.called()).isFalse();
        assertThat(host.text()).isEqualTo("weixin://dl/business?token=…%s&passed=true".formatted(lastFour(token)));
        host.goOnPastTheBrowsersQuestion().awaitStatus("PASSED");
        assertThat(browser.address()).doesNotContain(token);
    }

    @ParameterizedTest(name = "{0} calls {2}")
    @CsvSource({
        "wx.redirect, MINI_PROGRAM, redirectTo /pages/result?token=%s&passed=true",
        "wx.history,  MINI_PROGRAM, navigateBack",
        "app,         ANDROID_APP,  notifyResult %s",
        "app,         IOS_APP,      notifyResult %s",
    })
    void a_host_around_the_page_is_called_once_with_the_result(String kind, String host, String call) {
        StartPage start = quick(kind);
        browser.beforeEveryPage(bridge(host));
        CapturePage capture = start.openAndGo();
        String token = capture.token();
        HostCall shown = capture.passToHost();

        assertThat(shown.called()).isTrue();
        assertThat(browser.run("return window.calls.join()")).isEqualTo(call.formatted(token));
        assertThat(shown.text()).doesNotContain(token);
        shown.goOn().awaitStatus("PASSED");
    }

    private StartPage quick(String returnKind) {
        return browser.start(gateway, caller)
                .actionStyle("SILENT")
                .withoutFlash()
                .returnKind(returnKind);
    }

    private static String bridge(String host) {
        return switch (host) {
            case "MINI_PROGRAM" -> MINI_PROGRAM;
            case "ANDROID_APP" -> ANDROID_APP;
            default -> IOS_APP;
        };
    }

    private static String lastFour(String token) {
        return token.substring(token.length() - 4);
    }
}

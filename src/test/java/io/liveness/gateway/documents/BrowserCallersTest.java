package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.liveness.gateway.client.ApiClient;
import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.api.LivenessSessionsApi;
import io.liveness.gateway.client.model.LookupRequest;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Session;
import io.liveness.gateway.client.model.SessionStatus;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.browser.Browser;
import io.liveness.gateway.testsupport.browser.CapturePage;
import io.liveness.gateway.testsupport.browser.Chromium;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages and the server of docs/callers.md do what the document says. */
@QuarkusTest
class BrowserCallersTest {

    private static final Document DOCUMENT = Document.read(Path.of("docs", "callers.md"));
    private static final Path THIS = Path.of("src/test/java/io/liveness/gateway/documents/BrowserCallersTest.java");

    /** A mini program: its page, and requests that wait in {@code wx.requests}. */
    private static final String MINI_PROGRAM = """
            window.wx = {
              requests: [], opened: [],
              request: (request) => window.wx.requests.push(request),
              navigateTo: ({ url }) => window.wx.opened.push(url),
            };
            window.Page = (page) => {
              page.setData = (data) => Object.assign(page.data, data);
              window.page = page;
            };
            """;

    @RegisterExtension
    static final Browser browser = new Browser(Chromium::refusingCamera);

    private final Api api = Api.asNewCaller();

    @TestHTTPResource("/")
    URL gateway;

    private LivenessSessionsApi sessions;
    private HttpServer shop;
    private UUID expected;

    @BeforeEach
    void open_the_shop() throws IOException {
        ApiClient client = new ApiClient();
        client.updateBaseUri("http://localhost:" + gateway.getPort());
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + api.token()));
        sessions = new LivenessSessionsApi(client);

        shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        shop.createContext("/done", request -> answer(request, 200, "text/html", block("html", 0)));
        shop.createContext("/checks/verdict", this::verdict);
        shop.start();
    }

    @AfterEach
    void close_the_shop() {
        shop.stop(0);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "plain,   passed,     You have passed the check.",
        "replace, failed,     The check could not be made. Please allow the camera and try again.",
    })
    void the_web_page_shows_the_verdict_and_keeps_no_token(String kind, String verdict, String text)
            throws ApiException {
        String page = "http://localhost:" + shop.getAddress().getPort() + "/done";
        CapturePage capture = browser.start(gateway, api.caller())
                .actionStyle("SILENT")
                .withoutFlash()
                .returnKind(kind)
                .returnUrl((kind.equals("replace") ? "replace:" : "") + page)
                .open()
                .go();
        expected = sessions.lookupSession(new LookupRequest().token(capture.token()))
                .getId();

        capture.start().awaitVerdicts().choose(verdict);

        browser.until("the verdict is shown", () -> text.equals(shown()));
        assertThat(browser.address()).isEqualTo(page);
    }

    @Test
    void the_token_of_another_check_proves_nothing() throws ApiException {
        Session own = open("pass");
        Session others = open("abandon");
        expected = own.getId();

        browser.open("http://localhost:%d/done?token=%s&passed=true"
                .formatted(shop.getAddress().getPort(), others.getToken()));

        browser.until("the page has its text", () -> shown().startsWith("There is no result yet."));
    }

    @Test
    void the_page_after_wx_redirect_shows_the_verdict() {
        miniProgram(0);

        browser.run("page.onLoad({ token: 'the-token', passed: 'true' })");

        assertThat(request()).isEqualTo(Map.of("token", "the-token"));
        answerRequest("PASSED");
        assertThat(status()).isEqualTo("PASSED");
    }

    @Test
    void the_page_after_wx_history_asks_once_when_it_is_shown_again() {
        miniProgram(1);

        browser.run("page.onShow(); page.start('https://h5.example/c?token=t'); page.onShow(); page.onShow()");

        assertThat(browser.run("return wx.opened"))
                .isEqualTo(List.of("/pages/check?url=https%3A%2F%2Fh5.example%2Fc%3Ftoken%3Dt"));
        assertThat(browser.run("return wx.requests.length")).isEqualTo(1L);
        assertThat(request()).isEqualTo(Map.of());
        answerRequest("NOT_PASSED");
        assertThat(status()).isEqualTo("NOT_PASSED");
    }

    @Test
    void the_server_of_the_document_is_the_one_that_answers_here() throws IOException {
        assertThat(withoutLayout(Files.readString(THIS))).contains(withoutLayout(block("java", 0)));
    }

    SessionStatus verdict(UUID expected, Optional<String> token) throws ApiException {
        if (token.isPresent()) {
            Session named = sessions.lookupSession(new LookupRequest().token(token.get()));
            if (!named.getId().equals(expected)) {
                throw new IllegalArgumentException("the token belongs to another check");
            }
        }
        Session checked = sessions.checkSession(expected);
        if (checked.getStatus() == SessionStatus.PENDING) {
            checked = sessions.getSession(expected, 20);
        }
        return checked.getStatus();
    }

    private void verdict(HttpExchange request) throws IOException {
        JsonObject body = new JsonObject(new String(request.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        try {
            SessionStatus status = verdict(expected, Optional.ofNullable(body.getString("token")));
            answer(
                    request,
                    200,
                    "application/json",
                    JsonObject.of("status", status.getValue()).encode());
        } catch (ApiException | IllegalArgumentException e) {
            answer(request, 400, "text/plain", "refused");
        }
    }

    private static void answer(HttpExchange request, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        request.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        request.sendResponseHeaders(status, body.length);
        request.getResponseBody().write(body);
        request.close();
    }

    private Session open(String scenario) throws ApiException {
        return sessions.openSession(
                UUID.randomUUID().toString(),
                new OpenSessionRequest().returnUrl("https://shop.example/done").title("sandbox:" + scenario));
    }

    private static void miniProgram(int number) {
        browser.open("about:blank");
        browser.run(MINI_PROGRAM + block("javascript", number));
    }

    private static Object request() {
        return browser.run("return wx.requests[0].data");
    }

    private static void answerRequest(String status) {
        browser.run("wx.requests[0].success({ statusCode: 200, data: { status: arguments[0] } })", status);
    }

    private static Object status() {
        return browser.run("return page.data.status");
    }

    private static String shown() {
        return String.valueOf(browser.run("return document.getElementById('verdict')?.textContent"));
    }

    private static String block(String language, int number) {
        return DOCUMENT.blocks().stream()
                .filter(block -> block.language().equals(language))
                .skip(number)
                .findFirst()
                .orElseThrow()
                .text();
    }

    private static String withoutLayout(String text) {
        return text.replaceAll("\\s+", "");
    }
}

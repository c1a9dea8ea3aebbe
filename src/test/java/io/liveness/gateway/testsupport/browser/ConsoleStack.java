package io.liveness.gateway.testsupport.browser;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.liveness.gateway.testsupport.process.Keycloak;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A gateway whose console is on, the real issuer that people sign in at, the imitated vendor, and a browser. */
public final class ConsoleStack implements AutoCloseable {

    /** A fee of another time than now, charged a minute later, as the gateway would have it: of a shop, 0.80 CNY. */
    private static final String CHARGED = """
            insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url, action_style,
                actions, action_mutex, anti_camera_hack, task_no, fee_amount, fee_currency, attempt, init_at, verdict_code,
                verdict_at, charge_settled_at, created_at, updated_at)
            select f.id, 'shop', f.id::text, '', 'PASSED', 'CHARGED', 'wx.history', 'SILENT', '', true, true, 'T1', 800000, 'CNY', 1, f.at, 200,
                f.at + interval '1 minute', f.at + interval '1 minute', f.at, f.at from (select '%1$s'::uuid as id, '%2$s'::timestamptz as at) f
            ;
            insert into session_end (caller, status, session_id)
            select 'shop', 'PASSED', f.id from (select '%1$s'::uuid as id, '%2$s'::timestamptz as at) f
            ;
            insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, init_at)
            select f.id, 'PRE_DEDUCT', 'T1', 'RULE', 800000, 'CNY', f.at, 'shop', f.at from (select '%1$s'::uuid as id, '%2$s'::timestamptz as at) f
            ;
            insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at)
            select f.id, 'CHARGE', 'T1', 'RULE', 800000, 'CNY', f.at + interval '1 minute' from (select '%1$s'::uuid as id, '%2$s'::timestamptz as at) f
            """;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Keycloak keycloak = Keycloak.running();
    private final Surroundings around = new Surroundings(SandboxSettings.defaults());
    private final GatewayProcess gateway = around.start(around.environment()
            .without("quarkus.oidc.public-key")
            .without("quarkus.oidc.token.issuer")
            .without("liveness.people.claim")
            .without("liveness.people.values")
            .without("liveness.people.identity-claim")
            .with("liveness.people.clients", Keycloak.CONSOLE_CLIENT)
            // Bills of fees that are seconds old end with their import, and each of these is to be on them.
            .with("liveness.statement.cut-off-tolerance", "0s")
            .with("quarkus.oidc.auth-server-url", keycloak.issuer())
            .with("quarkus.oidc.token.audience", "liveness-gateway")
            .with("liveness.console.client-id", Keycloak.CONSOLE_CLIENT)
            .with("liveness.console.client-secret", Keycloak.CONSOLE_SECRET)
            .with("liveness.console.cookie-secret", "cookies-in-tests-are-sealed-with-this")
            .with("quarkus.oidc.console.authentication.force-redirect-https-scheme", "false")
            .with("liveness.finance.budgets", "shop=2.00 CNY,kiosk=100.00 CNY hard-stop")
            .with("liveness.finance.approval.acceptance-above", "0.50 CNY")
            .with("liveness.finance.approval.withdrawal-above", "1000000.00 CNY")
            .with("liveness.webhook.allowed-hosts", StubReceiver.allowedHost())
            .with("liveness.webhook.retries", "1s"));
    private final Browser browser = new Browser(Chromium::withCamera).launch();
    private final ConsolePage console = new ConsolePage(browser, gateway.url());

    public Browser browser() {
        return browser;
    }

    public ConsolePage console() {
        return console;
    }

    public Keycloak keycloak() {
        return keycloak;
    }

    public String url() {
        return gateway.url();
    }

    public TestDatabase database() {
        return around.database();
    }

    /**
     * Opens a session of the caller {@code shop}, and asks for its verdict.
     *
     * @return its id
     */
    public String opened(String scenario, String reference) {
        String id = new JsonObject(order(scenario, reference).body()).getString("id");
        send(ofShop("/v1/liveness-sessions/" + id + "/check", reference).POST(BodyPublishers.noBody()));
        return id;
    }

    /** Orders a session, and does not mind what is answered. */
    public HttpResponse<String> order(String scenario, String reference) {
        JsonObject order = new JsonObject()
                .put("returnUrl", "https://shop.example/done")
                .put("title", "sandbox:" + scenario)
                .put("reference", reference);
        return send(ofShop("/v1/liveness-sessions", reference).POST(BodyPublishers.ofString(order.encode())));
    }

    /**
     * Creates a webhook endpoint of the caller {@code shop}.
     *
     * @param target path and query of its address
     * @return its id
     */
    public String endpoint(String target) {
        // The endpoint gets no other events.
        List<String> types =
                List.of("liveness.session.settled", "liveness.session.unknown", "liveness.session.redacted");
        JsonObject order = new JsonObject().put("url", StubReceiver.at(target)).put("eventTypes", types);
        return new JsonObject(
                        send(ofShop("/v1/webhook-endpoints", target).POST(BodyPublishers.ofString(order.encode())))
                                .body())
                .getString("id");
    }

    public void pauseEndpoint(String id) {
        send(ofShop("/v1/webhook-endpoints/" + id + "/pause", id).POST(BodyPublishers.noBody()));
    }

    /** Puts a fee into the books that was charged at another time. */
    public void charged(Instant at) {
        ended(at, UnaryOperator.identity());
    }

    /** Puts a fee into the books that was refunded at another time. */
    public void refunded(Instant at) {
        ended(
                at,
                sql -> sql.replace("PASSED", "FAILED")
                        .replace("CHARGED", "REFUNDED")
                        .replace("'CHARGE'", "'REFUND'")
                        .replace("1, f.at, 200", "1, f.at, 203"));
    }

    private void ended(Instant at, UnaryOperator<String> end) {
        UUID id = UuidCreator.getTimeOrderedEpoch(at);
        around.database().execute(end.apply(CHARGED).formatted(id, at));
    }

    /** Has no bill count that was imported, so that the next one is not a second one. */
    public void withdrawBills() {
        around.database()
                .execute(
                        "update statement set status = 'WITHDRAWN', withdrawn_by = 'test', withdrawn_at = now(), reason = 'test'"
                                + " where status = 'DONE'");
    }

    /** Puts an import of 1,000 lines into the books that another replica is at, and goes on with it when it is there. */
    public void underWay(UUID id, String status, int bytesRead, int lines, int matched) {
        around.database().execute("""
                insert into statement (id, status, dry_run, file_name, sha256, mapping, definition, definition_hash, currency, imported_by,
                    imported_at, worked_at, bytes)
                values ('%1$s', 'READING', false, 'large.csv', sha256(gen_random_uuid()::text::bytea), 'default', '{}', '', 'CNY', 'test',
                    now(), now() + interval '1 hour', 100000)
                on conflict (id) do nothing;
                update statement set status = '%2$s', bytes_read = %3$d, lines = %4$d, lines_matched = %5$d where id = '%1$s'
                """.formatted(id, status, bytesRead, lines, matched));
    }

    /** No bill is matched while the connection is open. */
    public Connection withoutMatching() throws SQLException {
        Connection connection = around.database().connect();
        connection.createStatement().execute("select pg_advisory_lock(1818850414, 1835103331)");
        return connection;
    }

    /** The vendor's own bill: its header, and a line for each fee. */
    public List<String> bill() {
        return send(HttpRequest.newBuilder(URI.create(around.vendorUrl() + "/sandbox/statement.csv")))
                .body()
                .lines()
                .toList();
    }

    private HttpRequest.Builder ofShop(String path, String key) {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .header("Authorization", "Bearer " + keycloak.accessToken("shop"))
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json");
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        browser.close();
        around.close();
    }
}

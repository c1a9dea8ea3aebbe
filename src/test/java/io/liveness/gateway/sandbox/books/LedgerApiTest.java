package io.liveness.gateway.sandbox.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LedgerApiTest {

    private static final String SESSION = "0198a000-0000-7000-8000-000000000001";

    private static final Vertx VERTX = Vertx.vertx();
    private static EmbeddedPostgres postgres;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        Pool pool = PgBuilder.pool()
                .using(VERTX)
                .connectingTo("postgresql://postgres:postgres@localhost:" + postgres.getPort() + "/postgres")
                .build();
        await(pool.query("""
                create table ledger_entry (session_id uuid, kind text, task_no text, basis text, amount bigint,
                                           currency text, recorded_at timestamptz, fraction smallint);
                insert into ledger_entry values
                 ('0198a000-0000-7000-8000-000000000001', 'CHARGE', '0434', 'RULE', 80, 'CNY', '2026-03-01T12:00:30+08', 0),
                 ('0198a000-0000-7000-8000-000000000001', 'PRE_DEDUCT', null, 'VENDOR', 80, 'CNY', '2026-03-01T12:00:00+08', 0),
                 ('0198a000-0000-7000-8000-000000000002', 'PRE_DEDUCT', '0435', 'VENDOR', 90, 'CNY', '2026-03-01T12:00:00+08', 5000)""").execute());
        Router router = Router.router(VERTX);
        new LedgerApi(pool).mount(router);
        HttpServer server =
                await(VERTX.createHttpServer().requestHandler(router).listen(0));
        port = server.actualPort();
    }

    @AfterAll
    static void close() throws Exception {
        await(VERTX.close());
        postgres.close();
    }

    @Test
    void a_session_s_entries_are_shown_oldest_first() throws Exception {
        assertThat(get(SESSION).body())
                .isEqualTo("[{\"kind\":\"PRE_DEDUCT\",\"basis\":\"VENDOR\",\"amount\":\"0.80\",\"currency\":\"CNY\","
                        + "\"recordedAt\":\"2026-03-01T04:00:00Z\"},"
                        + "{\"kind\":\"CHARGE\",\"basis\":\"RULE\",\"amount\":\"0.80\",\"currency\":\"CNY\","
                        + "\"taskNo\":\"0434\",\"recordedAt\":\"2026-03-01T04:00:30Z\"}]");
    }

    @Test
    void a_session_without_entries_has_none_and_another_id_is_not_found() throws Exception {
        assertThat(get("0198a000-0000-7000-8000-00000000000f").body()).isEqualTo("[]");
        assertThat(get("x").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> get(String id) throws Exception {
        URI address = URI.create("http://localhost:" + port + "/sandbox/ledger/" + id);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}

package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.TraceCollector;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Behaviour that depends on the packaging and is not covered by other tests of processes. */
class PackagedServiceIT {

    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);

    private static TraceCollector collector;
    private static Surroundings around;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() {
        collector = new TraceCollector();
        around = new Surroundings(SandboxSettings.defaults());
        gateway = around.start(around.environment()
                .with("liveness.return-hop.base-url", "https://liveness.example")
                // docs/deployment.md has these settings.
                .with("quarkus.otel.sdk.disabled", "false")
                .with("quarkus.otel.exporter.otlp.endpoint", collector.url()));
    }

    @AfterAll
    static void end() {
        around.close();
        collector.close();
    }

    @Test
    void a_person_comes_back_by_the_return_hop() throws Exception {
        Answer opened = around.callers().open(gateway.url(), "order-4711", "pass");

        HttpResponse<String> hop =
                get(gateway.url() + "/v1/return/" + opened.id() + "?passed=true&token=" + token(opened));

        assertThat(hop.statusCode()).isEqualTo(303);
        assertThat(hop.headers().firstValue("Location").orElseThrow())
                .startsWith(Callers.returnUrl("order-4711") + "?")
                .contains("passed=true", "token=" + token(opened));
        assertThat(StoredSession.all(around.database()))
                .filteredOn(session -> session.key().equals("order-4711"))
                .singleElement()
                .extracting(StoredSession::end)
                .isEqualTo("PASSED/CHARGED");
    }

    @Test
    void the_spans_of_an_open_arrive_at_a_collector_without_what_is_secret() {
        Answer opened = around.callers().open(gateway.url(), "order-4712", "pass");

        Patience.await("the spans of the open to arrive", TO_ARRIVE)
                .untilAsserted(() -> assertThat(spans())
                        .contains("POST /v1/liveness-sessions", "insert into liveness_session", "liveness-gateway"));

        assertThat(spans()).doesNotContain(around.callers().accessToken(), token(opened), "capture.html", "order-4712");
    }

    private static String spans() {
        return String.join("\n", collector.received());
    }

    @Test
    void operations_get_the_contract() throws Exception {
        assertThat(get(gateway.managementUrl() + "/q/openapi").body()).contains("openSession", "getFaceImage");
    }

    /** The filters' names come from annotations, which a native executable has only of what the build found. */
    @Test
    void a_misspelled_filter_is_refused_by_name() throws Exception {
        HttpRequest misspelled = HttpRequest.newBuilder(
                        URI.create(gateway.url() + "/v1/liveness-sessions?pageSize=1&reference=r&staus=PASSED"))
                .header("Authorization", "Bearer " + around.callers().accessToken())
                .build();

        HttpResponse<String> answer = HttpClient.newHttpClient().send(misspelled, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("[{\"field\":\"staus\",\"message\":\"is not known here; known are [caller, createdFrom,");
    }

    private static String token(Answer opened) {
        return opened.session().orElseThrow().getToken();
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
}

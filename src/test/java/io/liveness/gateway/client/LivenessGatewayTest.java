package io.liveness.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.liveness.gateway.client.api.WebhooksApi.APIListEventsRequest;
import io.liveness.gateway.client.model.CallerEvent;
import io.liveness.gateway.client.model.CallerEventType;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Session;
import io.liveness.gateway.client.model.SessionStatus;
import io.liveness.gateway.testsupport.KeptCursor;
import io.liveness.gateway.testsupport.http.ScriptedGateway;
import io.liveness.gateway.testsupport.http.ScriptedGateway.Asked;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Java client does by itself when the gateway does not simply answer. */
class LivenessGatewayTest {

    private static final Duration WITHIN = Duration.ofMinutes(1);

    private final ScriptedGateway scripted = new ScriptedGateway();
    private final Iterator<String> tokens = List.of("first", "second").iterator();
    private final LivenessGateway gateway = new LivenessGateway(scripted.url(), tokens::next);

    @AfterEach
    void end() {
        scripted.close();
    }

    @Test
    void what_may_be_repeated_is_repeated_with_the_same_key() throws ApiException {
        scripted.nothing()
                .problem(409, "idempotency-key-in-flight")
                .problem(429, "rate-limited")
                .problem(500, "internal-error")
                .problem(503, "vendor-unavailable")
                .problem(503, "opens-paused")
                .proxy(502)
                .session("PENDING");

        Session opened = gateway.openSession("order-4711", new OpenSessionRequest(), WITHIN);

        assertThat(opened.getStatus()).isEqualTo(SessionStatus.PENDING);
        assertThat(scripted.asked())
                .extracting(Asked::key, Asked::authorization)
                .isEqualTo(Collections.nCopies(8, tuple("order-4711", "Bearer first")));
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid-request",
        "403, forbidden",
        "410, gone",
        "422, idempotency-key-reused",
        "429, budget-exhausted",
        "502, vendor-rejected",
        "504, vendor-outcome-unknown"
    })
    void what_must_not_be_repeated_is_a_problem_at_once(int status, String code) {
        scripted.problem(status, code);

        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> gateway.openSession("key", new OpenSessionRequest(), WITHIN));

        assertThat(refused.getCode()).isEqualTo(status);
        assertThat(refused.getProblem().getCode()).isEqualTo(code);
        assertThat(refused).hasMessage("%d %s: As the test asks", status, code);
        assertThat(scripted.asked()).hasSize(1);
    }

    @Test
    void what_the_deadline_has_no_room_for_is_not_waited_for() {
        scripted.problem(503, "unavailable", 61);

        ProblemException failed = catchThrowableOfType(
                ProblemException.class, () -> gateway.openSession("key", new OpenSessionRequest(), WITHIN));

        assertThat(failed.getProblem().getCode()).isEqualTo("unavailable");
        assertThat(scripted.asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 503})
    @Timeout(30)
    void an_answer_that_stalls_is_as_lost_as_one_that_never_came(int status) {
        scripted.stalled(status);

        ApiException failed = catchThrowableOfType(
                ApiException.class, () -> gateway.openSession("key", new OpenSessionRequest(), Duration.ofSeconds(2)));

        assertThat(failed).isNotInstanceOf(ProblemException.class);
        assertThat(failed.getCode()).isZero();
    }

    @Test
    void what_a_proxy_calls_a_problem_is_repeated_as_its_other_answers_are() throws ApiException {
        scripted.broken(502).foreign(503).session("PENDING");

        gateway.openSession("key", new OpenSessionRequest(), WITHIN);

        assertThat(scripted.asked()).hasSize(3);
    }

    @Test
    void connections_are_made_as_the_caller_says() throws ApiException {
        scripted.session("PENDING");
        URI proxy = URI.create(scripted.url());
        LivenessGateway behind = new LivenessGateway(
                "http://gateway.invalid",
                tokens::next,
                HttpClient.newBuilder()
                        .proxy(ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort()))));

        behind.openSession("key", new OpenSessionRequest(), WITHIN);

        assertThat(scripted.asked()).hasSize(1);
    }

    @Test
    void a_token_that_is_no_longer_taken_is_asked_for_again_once() throws ApiException {
        scripted.problem(401, "unauthenticated").session("PENDING");

        gateway.openSession("key", new OpenSessionRequest(), WITHIN);

        assertThat(scripted.asked()).extracting(Asked::authorization).containsExactly("Bearer first", "Bearer second");
    }

    @Test
    void when_the_new_token_is_not_taken_either_it_is_a_problem() {
        scripted.problem(401, "unauthenticated").problem(401, "unauthenticated");

        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> gateway.openSession("key", new OpenSessionRequest(), WITHIN));

        assertThat(refused.getProblem().getCode()).isEqualTo("unauthenticated");
        assertThat(scripted.asked()).hasSize(2);
    }

    @Test
    void events_are_read_part_by_part_through_failures_and_a_restore() throws ApiException {
        scripted.events("now")
                .events("a", "one", "two")
                .problem(503, "unavailable")
                .restored("b")
                .nothing()
                .events("c", "three");
        APIListEventsRequest wanted = APIListEventsRequest.newBuilder()
                .from("latest")
                .type(CallerEventType.LIVENESS_SESSION_SETTLED)
                .build();
        List<String> seen = new ArrayList<>();
        KeptCursor cursor = new KeptCursor();

        gateway.readEvents(cursor, event -> seen.add(event.getType()), wanted);
        assertThat(cursor.load()).isEqualTo("a");
        gateway.readEvents(cursor, event -> seen.add(event.getType()), wanted);

        assertThat(seen).containsExactly("one", "two", "three");
        assertThat(cursor.load()).isEqualTo("c");
        assertThat(cursor.restores()).isEqualTo(1);
        String type = "&type=liveness.session.settled";
        String filter = type + "&waitSeconds=30";
        assertThat(scripted.asked())
                .extracting(Asked::query)
                .containsExactly(
                        "from=latest" + type + "&waitSeconds=0",
                        "after=now" + filter,
                        "after=a" + filter,
                        "after=a" + type + "&waitSeconds=0",
                        "after=b" + filter,
                        "after=b" + filter);
    }

    @Test
    void the_place_is_kept_before_the_first_wait() {
        scripted.events("now").problem(403, "forbidden");
        KeptCursor cursor = new KeptCursor();

        assertThatThrownBy(() -> gateway.readEvents(cursor, event -> {})).isInstanceOf(ProblemException.class);

        assertThat(cursor.load()).isEqualTo("now");
    }

    @Test
    void the_events_of_a_part_that_failed_come_again() {
        scripted.events("a", "one");
        KeptCursor cursor = new KeptCursor();

        assertThatThrownBy(() -> gateway.readEvents(cursor, event -> {
                    throw new IllegalStateException(event.getType());
                }))
                .hasMessage("one");

        assertThat(cursor.load()).isNull();
    }

    @Test
    void a_verdict_is_waited_for_through_failures() throws ApiException {
        scripted.session("PENDING").nothing().problem(503, "busy").session("PASSED");

        Session checked = gateway.waitForVerdict(UUID.randomUUID(), WITHIN);

        assertThat(checked.getStatus()).isEqualTo(SessionStatus.PASSED);
    }

    @Test
    void a_session_that_was_pending_is_what_a_wait_ends_with() throws ApiException {
        scripted.session("PENDING").problem(503, "busy", 61);

        Session pending = gateway.waitForVerdict(UUID.randomUUID(), WITHIN);

        assertThat(pending.getStatus()).isEqualTo(SessionStatus.PENDING);
        assertThat(scripted.asked()).hasSize(2);
    }

    @Test
    void a_webhook_is_read_as_it_was_signed_or_not_at_all() throws Exception {
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        String sent = UUID.randomUUID().toString();
        long now = Instant.now().getEpochSecond();
        String body = """
                {"id":"019e52f0-5a07-7c53-9d3e-5a1f0c4b7a63","type":"liveness.session.settled",\
                "timestamp":"2026-11-25T08:02:00.000Z","data":{"status":"PASSED","later":1}}""";
        Map<String, List<String>> headers = Map.of(
                "Webhook-Id", List.of(sent),
                "Webhook-Timestamp", List.of(Long.toString(now)),
                "Webhook-Signature", List.of(new Webhook(secret).sign(sent, now, body)));

        CallerEvent event = LivenessGateway.verifyWebhook(secret, headers, body);

        assertThat(event.getId()).hasToString("019e52f0-5a07-7c53-9d3e-5a1f0c4b7a63");
        assertThat(event.getType()).isEqualTo("liveness.session.settled");
        assertThat(event.getData().getStatus()).isEqualTo("PASSED");
        assertThatThrownBy(() -> LivenessGateway.verifyWebhook(secret, headers, body + " "))
                .isInstanceOf(WebhookVerificationException.class);
    }
}

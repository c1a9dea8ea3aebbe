package io.liveness.gateway.notify.receiver;

import static io.liveness.gateway.notify.receiver.ReceiversFixture.SHORT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.notify.receiver.Receivers.ReceiverAnswer;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.http.StubVendor;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver sees, and what is made of its answer, by plain HTTP on loopback. */
class ReceiversTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Enough for an answer on a machine with much to do, over a connection that is there. */
    private static final Duration ENOUGH = Duration.ofSeconds(3);

    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final ReceiversFixture fixture = new ReceiversFixture().resolve("localhost", "127.0.0.1");

    private StubVendor receiver;

    @BeforeEach
    void begin() throws IOException {
        receiver = new StubVendor(0, StubVendor.http(204, "", ""));
        fixture.allow("http://localhost:" + receiver.port());
    }

    @AfterEach
    void end() {
        receiver.close();
        vertx.close();
    }

    @Test
    void a_receiver_sees_the_body_and_headers() {
        ReceiverAnswer answer = post(fixture.receivers(vertx), url("/hook?key=a%2Fb"), Map.of("webhook-id", "evt-1"));

        assertThat(answer.httpStatus()).hasValue(204);
        assertThat(answer.error()).isEmpty();
        assertThat(answer.retryAfter()).isEmpty();
        assertThat(answer.took()).isPositive();
        assertThat(receiver.requests()).singleElement().satisfies(request -> {
            assertThat(request.line()).isEqualTo("POST /hook?key=a%2Fb HTTP/1.1");
            assertThat(request.head().lines())
                    .containsExactlyInAnyOrder(
                            "host: localhost:" + receiver.port(),
                            "user-agent: liveness-gateway",
                            "content-type: application/json",
                            "content-length: 2",
                            "webhook-id: evt-1");
            assertThat(request.body()).isEqualTo("{}");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirects_are_not_followed(int status) throws IOException {
        try (StubVendor elsewhere = new StubVendor(0, StubVendor.http(200, "", ""))) {
            fixture.allow("http://localhost:" + elsewhere.port());
            receiver.behave(StubVendor.raw("HTTP/1.1 " + status + " Moved\r\nLocation: http://localhost:"
                    + elsewhere.port() + "/\r\nContent-Length: 0\r\n\r\n"));

            ReceiverAnswer answer = post(fixture.receivers(vertx));

            assertThat(answer.httpStatus()).hasValue(status);
            assertThat(elsewhere.connections()).isZero();
            assertThat(receiver.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_receiver_may_say_when_to_call_again() {
        receiver.behave(StubVendor.raw(
                "HTTP/1.1 503 Later\r\nRetry-After: Thu, 01 Jan 2026 12:02:00 GMT\r\nContent-Length: 0\r\n\r\n"));

        assertThat(post(fixture.receivers(vertx)).retryAfter()).contains(Duration.ofMinutes(2));
    }

    @Test
    void a_connection_whose_answer_was_read_whole_is_used_again() {
        receiver.behave(StubVendor.http(200, "text/plain", "thanks"));
        Receivers receivers = fixture.receivers(vertx);

        assertThat(post(receivers).text()).contains("thanks");
        assertThat(post(receivers).text()).contains("thanks");
        assertThat(receiver.connections()).isEqualTo(1);
    }

    @Test
    void of_a_larger_answer_the_status_counts_and_the_connection_is_closed() throws Exception {
        receiver.behave(StubVendor.http(200, "text/plain", "a".repeat(4097)));
        Receivers receivers = fixture.receivers(vertx);

        // The requests follow at once: a connection that was kept would still be there.
        assertThat(post(receivers).httpStatus()).hasValue(200);
        assertThat(post(receivers).text()).contains("a".repeat(2048));
        assertThat(receiver.connections()).isEqualTo(2);
        hungUp();
    }

    @Test
    void a_receiver_that_hangs_before_the_head_of_its_answer_is_left() throws Exception {
        Receivers receivers = connected();
        receiver.behave(StubVendor.silence());

        assertFails(post(receivers), "no answer within 3 s");
        hungUp();
    }

    @Test
    void of_a_receiver_that_hangs_in_the_body_the_status_counts_long_before_the_timeout() throws Exception {
        receiver.behave(
                socket -> socket.getOutputStream().write((OK + "Content-Length: 9\r\n\r\nhalf").getBytes(ISO_8859_1)));

        ReceiverAnswer answer = post(fixture.receivers(vertx));

        assertThat(answer.httpStatus()).hasValue(200);
        assertThat(answer.error()).isEmpty();
        assertThat(answer.text()).contains("half");
        hungUp();
    }

    @Test
    void the_text_of_an_answer_may_come_later_than_its_head() throws Exception {
        CountDownLatch text = new CountDownLatch(1);
        receiver.behave(socket -> {
            socket.getOutputStream().write("HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\n".getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            text.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            socket.getOutputStream().write("text".getBytes(ISO_8859_1));
        });
        vertx.setTimer(300, later -> text.countDown());

        ReceiverAnswer answer = post(fixture.receivers(vertx));

        assertThat(answer.httpStatus()).hasValue(500);
        assertThat(answer.text()).contains("text");
    }

    @Test
    void a_receiver_that_closes_before_it_answers_has_lost_the_connection() {
        receiver.behave(StubVendor.reset());
        assertFails(post(fixture.receivers(vertx)), "connection lost");

        receiver.behave(StubVendor.raw(""));
        assertFails(post(fixture.receivers(vertx)), "connection lost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"220 mail.example ESMTP\r\n", "SSH-2.0-OpenSSH_9\r\n", "\r\n\r\nHTTP/1.1 abc\r\n\r\n"})
    void what_is_not_HTTP_is_no_answer(String bytes) {
        receiver.behave(StubVendor.raw(bytes));

        assertFails(post(fixture.receivers(vertx)), "answer is not HTTP");
    }

    @Test
    void a_host_is_called_at_its_next_address_when_the_first_one_refuses() {
        fixture.resolve("localhost", "127.0.0.3", "127.0.0.1");

        assertThat(post(fixture.receivers(vertx)).httpStatus()).hasValue(204);
    }

    @Test
    void a_receiver_is_refused_when_its_name_does_not_resolve_in_time_and_must() {
        assertThat(whyRefused(fixture.receivers(vertx), true)).isEmpty();

        fixture.forget("localhost");
        assertThat(whyRefused(fixture.receivers(vertx), true)).isPresent();
        assertThat(whyRefused(fixture.receivers(vertx), false)).isEmpty();

        fixture.neverResolve("localhost");
        assertThat(whyRefused(fixture.within(SHORT).receivers(vertx), true)).isPresent();
    }

    @Test
    void a_receiver_whose_addresses_are_not_allowed_is_refused_as_its_deliveries_would_be() {
        fixture.resolve("localhost", "127.0.0.1", "10.0.0.1");
        assertThat(whyRefused(fixture.receivers(vertx), true).orElseThrow()).contains("addresses");
        assertThat(whyRefused(fixture.receivers(vertx), false)).isEmpty();

        fixture.resolve("localhost");
        assertThat(whyRefused(fixture.receivers(vertx), true)).isPresent();
    }

    @Test
    void few_names_of_new_receivers_are_looked_up_at_once() {
        fixture.neverResolve("localhost");
        Receivers receivers = fixture.receivers(vertx);
        lookUp(receivers, "one", 5);
        Patience.await("look-ups", PATIENCE).until(() -> fixture.asked().size() == 4);
        assertThatThrownBy(() -> whyRefused(receivers, true)).isInstanceOf(ProblemException.class);
        Stream.of("another", "a third", "a fourth").forEach(caller -> lookUp(receivers, caller, 4));
        Patience.await("look-ups", PATIENCE).until(() -> fixture.asked().size() == 16);

        assertThatThrownBy(() -> whyRefused(receivers, true, "a fifth").await().atMost(PATIENCE))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("looked up now");
        assertThat(fixture.asked()).hasSize(16);
    }

    private void lookUp(Receivers receivers, String caller, int times) {
        IntStream.range(0, times)
                .forEach(nth -> whyRefused(receivers, true, caller).subscribe().with(never -> {}, refused -> {}));
    }

    private Optional<String> whyRefused(Receivers receivers, boolean mustResolve) {
        return whyRefused(receivers, mustResolve, "one").await().atMost(PATIENCE);
    }

    private Uni<Optional<String>> whyRefused(Receivers receivers, boolean mustResolve, String caller) {
        return receivers.whyRefused("http://localhost:" + receiver.port() + "/", mustResolve, new Caller(caller));
    }

    @Test
    void a_name_that_is_not_known_is_an_error() {
        fixture.resolve("localhost");
        assertFails(post(fixture.receivers(vertx)), "address is not allowed");

        fixture.forget("localhost");
        assertFails(post(fixture.receivers(vertx)), "name cannot be resolved");

        fixture.neverResolve("localhost");
        assertFails(post(fixture.within(SHORT).receivers(vertx)), "name cannot be resolved");
    }

    @Test
    void a_receiver_that_is_not_in_the_list_any_more_is_not_called_and_its_name_is_not_looked_up() {
        Receivers closed = new ReceiversFixture().receivers(vertx);

        assertFails(post(closed), "address is not allowed");
        assertThat(fixture.asked()).isEmpty();
        assertThat(receiver.connections()).isZero();
    }

    @Test
    void receivers_that_hang_delay_no_other_not_even_one_at_the_same_host() throws IOException {
        receiver.behave(StubVendor.silence());
        try (StubVendor other = new StubVendor(0, StubVendor.http(200, "", ""))) {
            fixture.allow("http://localhost:" + other.port());
            Receivers receivers = fixture.receivers(vertx);
            List<CompletableFuture<ReceiverAnswer>> hanging = IntStream.range(1, ReceiversFixture.AT_ONCE)
                    .mapToObj(nth -> begin(receivers))
                    .toList();
            requests(hanging.size());

            ReceiverAnswer ofOther = post(receivers, url("http://localhost:" + other.port(), "/"), Map.of());
            receiver.behave(StubVendor.http(200, "", ""));
            ReceiverAnswer atTheSameHost = post(receivers, url("/other"), Map.of());

            assertThat(ofOther.httpStatus()).hasValue(200);
            assertThat(atTheSameHost.httpStatus()).hasValue(200);
            assertThat(hanging).noneMatch(CompletableFuture::isDone);
            receiver.close();
            assertThat(hanging).allSatisfy(attempt -> assertFails(attempt.join(), "connection lost"));
        }
    }

    @Test
    void an_attempt_is_not_logged_and_its_answer_holds_nothing_of_what_was_sent() {
        List<String> marks = List.of("marked-path", "marked-query", "marked-header", "marked-body", "marked-answer");
        List<ReceiverAnswer> answers = new CopyOnWriteArrayList<>();
        try (LogRecorder log = LogRecorder.start()) {
            for (StubVendor.Behaviour behaviour : List.of(
                    StubVendor.http(500, "text/plain", "marked-answer"),
                    StubVendor.http(200, "text/plain", "marked-answer".repeat(1000)),
                    StubVendor.raw("marked-answer\r\n\r\n"),
                    StubVendor.raw(OK + "Content-Length: marked-answer\r\n\r\n"),
                    StubVendor.raw(OK + "Content-Length: 99\r\n\r\nmarked-answer"),
                    StubVendor.reset(),
                    StubVendor.silence())) {
                receiver.behave(behaviour);
                answers.add(fixture.within(SHORT)
                        .receivers(vertx)
                        .post(
                                url("/marked-path?marked-query"),
                                Map.of("webhook-signature", "marked-header"),
                                Buffer.buffer("marked-body"))
                        .await()
                        .atMost(PATIENCE));
            }

            assertThat(answers).hasSize(7);
            assertThat(answers.toString()).doesNotContain(marks).doesNotContain("127.0.0.1");
            assertThat(log.lines()).isEmpty();
        }
    }

    /** The receivers have a connection to the receiver already. */
    private Receivers connected() {
        Receivers receivers = fixture.within(ENOUGH).receivers(vertx);
        assertThat(post(receivers).httpStatus()).hasValue(204);
        return receivers;
    }

    private void requests(int count) {
        Patience.await("requests", PATIENCE)
                .untilAsserted(() -> assertThat(receiver.requests()).hasSize(count));
    }

    private void hungUp() throws InterruptedException {
        assertThat(receiver.hungUp().await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    private static void assertFails(ReceiverAnswer answer, String error) {
        assertThat(answer.error()).contains(error);
        assertThat(answer)
                .isEqualTo(new ReceiverAnswer(
                        OptionalInt.empty(), Optional.of(error), Optional.empty(), Optional.empty(), answer.took()));
    }

    private ReceiverAnswer post(Receivers receivers) {
        return post(receivers, url("/"), Map.of());
    }

    private static ReceiverAnswer post(Receivers receivers, ReceiverUrl url, Map<String, String> headers) {
        return receivers.post(url, headers, Buffer.buffer("{}")).await().atMost(PATIENCE);
    }

    private CompletableFuture<ReceiverAnswer> begin(Receivers receivers) {
        return receivers.post(url("/"), Map.of(), Buffer.buffer("{}")).subscribeAsCompletionStage();
    }

    private ReceiverUrl url(String target) {
        return url("http://localhost:" + receiver.port(), target);
    }

    private static ReceiverUrl url(String origin, String target) {
        return ReceiverUrl.parse(origin + target).orElseThrow();
    }
}

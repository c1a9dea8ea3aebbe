package io.liveness.gateway.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.platform.limits.Refusals;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.impl.VertxHandler;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadsTest {

    private static final int MAX = 3;
    private static final String HEAD = "GET /v1/x HTTP/1.1\r\nHost: h\r\n";
    private static final String POST = "POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n";
    private static final String CHUNKED = "POST /v1/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String REQUEST = HEAD + "\r\n";

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Connections connections = new Connections(
            () -> OptionalInt.of(MAX),
            new MemorySize(BigInteger.valueOf(20_480)),
            4_096,
            Optional.empty(),
            new Refusals(registry),
            registry);

    private final List<EmbeddedChannel> accepted = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n"})
    void what_sends_nothing_is_closed_ten_seconds_after_it_was_accepted(String nothing) {
        EmbeddedChannel caller = accept();

        pass(caller, 9);
        send(caller, nothing);
        assertThat(caller.isOpen()).isTrue();
        pass(caller, 1);
        assertThat(caller.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x: y\r\n"})
    void a_head_is_complete_within_ten_seconds_of_its_first_byte_however_steadily_it_comes(String part) {
        EmbeddedChannel caller = accept();
        pass(caller, 9);
        send(caller, HEAD);

        for (int second = 0; second < 9; second += 3) {
            pass(caller, 3);
            send(caller, part);
        }
        assertThat(caller.isOpen()).isTrue();
        pass(caller, 1);

        assertThat(caller.isOpen()).isFalse();
        assertThat(requests(caller)).isEmpty();
    }

    @Test
    void a_head_that_comes_byte_by_byte_is_decoded_when_it_is_complete() {
        EmbeddedChannel caller = accept();

        for (char one : REQUEST.toCharArray()) {
            assertThat(requests(caller)).isEmpty();
            send(caller, String.valueOf(one));
        }

        assertThat(requests(caller))
                .singleElement()
                .satisfies(request -> assertThat(request.headers().get("Host")).isEqualTo("h"));
        pass(caller, 60);
        assertThat(caller.isOpen()).isTrue();
    }

    @Test
    void the_head_of_a_later_request_has_ten_seconds_too() {
        EmbeddedChannel caller = accept();
        send(caller, REQUEST);
        answer(caller);
        pass(caller, 30);
        assertThat(caller.isOpen()).isTrue();

        send(caller, HEAD);
        pass(caller, 10);

        assertThat(caller.isOpen()).isFalse();
    }

    /** RFC 9112, 2.2: a server ignores empty lines before a request. */
    @Test
    void an_empty_line_after_a_body_does_not_cut_its_answer() {
        EmbeddedChannel caller = accept();
        send(caller, REQUEST);
        send(caller, "\r\n");
        pass(caller, 30);

        assertThat(caller.isOpen()).isTrue();
    }

    @Test
    void a_head_that_has_begun_behind_a_request_has_ten_seconds_from_its_answer() {
        EmbeddedChannel caller = accept();
        send(caller, REQUEST + HEAD);
        pass(caller, 30);
        assertThat(caller.isOpen()).isTrue();

        answer(caller);
        pass(caller, 9);
        assertThat(caller.isOpen()).isTrue();
        pass(caller, 1);

        assertThat(caller.isOpen()).isFalse();
    }

    @Test
    void the_rest_of_a_body_that_is_answered_already_has_ten_seconds() {
        EmbeddedChannel caller = accept();
        send(caller, POST + "x");
        pass(caller, 30);
        assertThat(caller.isOpen()).isTrue();

        answer(caller);
        pass(caller, 9);
        send(caller, "x");
        assertThat(caller.isOpen()).isTrue();
        pass(caller, 1);

        assertThat(caller.isOpen()).isFalse();
    }

    @Test
    void the_rest_of_a_body_is_read_when_somebody_takes_it_up_or_has_answered_without_it() {
        EmbeddedChannel caller = accept();

        send(caller, POST + "x".repeat(100));
        assertThat(caller.config().isAutoRead()).as("complete").isTrue();
        send(caller, POST + "x".repeat(99));
        assertThat(caller.config().isAutoRead()).as("incomplete").isFalse();
        send(caller, "x");
        assertThat(caller.config().isAutoRead()).as("complete later").isTrue();
        answer(caller);
        answer(caller);
        send(caller, POST);
        answer(caller);
        assertThat(caller.config().isAutoRead()).as("answered").isTrue();
    }

    @Test
    void bodies_and_requests_sent_together_are_decoded_in_turn() {
        EmbeddedChannel caller = accept();

        send(caller, "POST /one HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n\n\n\r\n" + "GET /two HTTP/1.1\r\n");
        send(caller, "Host: h\r\n\r\nPOST /three HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        send(caller, "2\r\nxx\r\n0\r\n\r\n\r\nGET /four HTTP/1.1\r\n\r\n");

        assertThat(requests(caller)).extracting(HttpRequest::uri).containsExactly("/one", "/two", "/three", "/four");
    }

    @Test
    void a_trailer_has_at_most_as_many_lines_as_a_head() {
        EmbeddedChannel few = accept();
        send(few, CHUNKED + "1\r\nx\r\n0\r\n" + "a:\r\n".repeat(199) + "\r\n" + REQUEST);
        assertThat(requests(few)).hasSize(2);

        EmbeddedChannel atOnce = accept();
        send(atOnce, CHUNKED + "0\r\n" + "a:\r\n".repeat(201));
        assertThat(atOnce.isOpen()).as("at once").isFalse();

        EmbeddedChannel oneByOne = accept();
        send(oneByOne, CHUNKED + "1\r\nx\r\n0\r\n");
        for (int n = 0; n < 200; n++) {
            send(oneByOne, "a:\r\n");
        }
        assertThat(oneByOne.isOpen()).as("one by one").isFalse();
    }

    @Test
    void the_lines_of_a_body_are_not_limited() {
        EmbeddedChannel caller = accept();

        send(caller, CHUNKED + "1000\r\n" + "\n".repeat(4_096));
        send(caller, "\r\n0\r\n\r\n");

        assertThat(pieces(caller).stream().mapToInt(String::length).sum()).isEqualTo(4_096);
        assertThat(caller.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\r\nx\r\n", "x"})
    void small_pieces_of_a_body_are_passed_on_together(String part) {
        EmbeddedChannel caller = accept();
        boolean isChunked = part.length() > 1;

        send(caller, isChunked ? CHUNKED : POST.replace("100", "5000"));
        for (int n = 0; n < 5_000; n++) {
            send(caller, part);
        }
        send(caller, isChunked ? "0\r\n\r\n" : "");

        List<String> pieces = pieces(caller);
        assertThat(String.join("", pieces)).isEqualTo("x".repeat(5_000));
        assertThat(pieces).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void a_body_in_chunks_that_comes_with_its_head_is_passed_on_with_its_length() {
        EmbeddedChannel caller = accept();

        send(caller, CHUNKED + "2\r\nxx\r\n3\r\nyyy\r\n0\r\n\r\n" + CHUNKED + "2\r\n");

        List<HttpRequest> requests = requests(caller);
        assertThat(requests)
                .extracting(request -> request.headers().get("Content-Length"))
                .containsExactly("5", null);
        assertThat(requests)
                .extracting(request -> request.headers().get("Transfer-Encoding"))
                .containsExactly(null, "chunked");
    }

    @Test
    void a_body_behind_a_request_that_is_answered_has_no_deadline_yet() {
        EmbeddedChannel caller = accept();
        send(caller, REQUEST + POST);

        answer(caller);
        pass(caller, 30);

        assertThat(caller.isOpen()).isTrue();
        assertThat(caller.config().isAutoRead()).isFalse();
    }

    @Test
    void reading_stops_for_back_pressure_again_after_a_body_was_taken_up() {
        VertxInternal vertx = (VertxInternal) Vertx.vertx();
        try {
            ContextInternal context = vertx.createEventLoopContext();
            VertxHandler<Http1xServerConnection> handler = VertxHandler.create(channel -> new Http1xServerConnection(
                    () -> context, null, new HttpServerOptions(), channel, context, "http://h", null));
            EmbeddedChannel caller = new EmbeddedChannel(handler);
            Http1xServerConnection connection = handler.getConnection();
            HttpServerRequest request = (HttpServerRequest) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {HttpServerRequest.class},
                    (self, method, arguments) -> connection);

            new RequestHeads(new HttpServerOptions(), connections)
                    .setReading(caller.pipeline().lastContext(), false);
            assertThat(caller.config().isAutoRead()).isFalse();
            BodyLimit.takeUp(request);
            assertThat(caller.config().isAutoRead()).isTrue();
            connection.doPause();
            BodyLimit.takeUp(request);
            connection.doPause();
            assertThat(caller.config().isAutoRead()).isFalse();
        } finally {
            vertx.close();
        }
    }

    @Test
    void a_head_above_the_limits_is_refused_before_it_ends() {
        for (String head : List.of(
                HEAD + "X-Long: " + "x".repeat(26_000), HEAD + "x:\r\n".repeat(201), "GET /" + "x".repeat(26_000))) {
            EmbeddedChannel caller = accept();
            send(caller, head);
            assertThat(requests(caller)).extracting(HttpRequest::uri).containsExactly("/");
            send(caller, REQUEST);
            assertThat(requests(caller)).as("nothing more is read").isEmpty();
            caller.close();
        }
    }

    @Test
    void a_new_connection_takes_the_place_of_what_is_without_a_request_for_longest() {
        EmbeddedChannel works = accept();
        send(works, REQUEST);
        EmbeddedChannel rests = accept();
        send(rests, REQUEST);
        EmbeddedChannel waits = accept();
        send(waits, HEAD);
        answer(rests);

        EmbeddedChannel next = accept();
        assertThat(waits.isOpen()).isFalse();
        EmbeddedChannel last = accept();
        assertThat(rests.isOpen()).isFalse();

        assertThat(works.isOpen() && next.isOpen() && last.isOpen()).isTrue();
        assertThat(refused()).isEqualTo(2);
        assertThat(registry.get("liveness.connections").gauge().value()).isEqualTo(MAX);
        assertThat(registry.get("liveness.connections.share").gauge().value()).isEqualTo(1);
    }

    @Test
    void a_new_connection_is_refused_when_all_have_a_request_under_way() {
        for (int n = 0; n < MAX; n++) {
            send(accept(), REQUEST);
        }

        assertThat(connections.admit(new EmbeddedChannel())).isFalse();
        assertThat(refused()).isEqualTo(1);
    }

    @Test
    void a_connection_whose_request_began_meanwhile_does_not_give_way() {
        EmbeddedChannel begins = accept();
        accept();
        accept();

        assertThat(connections.admit(new EmbeddedChannel())).isTrue();
        send(begins, REQUEST);
        begins.runPendingTasks();

        assertThat(begins.isOpen()).isTrue();
        assertThat(refused()).isZero();
    }

    @Test
    void at_most_twice_as_many_are_open_while_others_give_way() {
        for (int n = 0; n < MAX; n++) {
            accept();
        }

        for (int n = 0; n < MAX; n++) {
            assertThat(connections.admit(new EmbeddedChannel())).isTrue();
        }
        assertThat(connections.admit(new EmbeddedChannel()))
                .as("before one is closed")
                .isFalse();
        accepted.forEach(EmbeddedChannel::runPendingTasks);
        assertThat(connections.admit(new EmbeddedChannel())).as("after").isTrue();
    }

    @Test
    void a_replica_is_unready_by_requests_under_way_and_not_by_connections_that_rest() {
        connections.areAccepted();
        for (int n = 0; n < MAX; n++) {
            EmbeddedChannel rests = accept();
            send(rests, REQUEST);
            answer(rests);
        }
        assertThat(connections.ready().call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(registry.get("liveness.connections.share").gauge().value()).isEqualTo(1);

        accepted.forEach(one -> send(one, REQUEST));
        assertThat(connections.ready().call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
    }

    @Test
    void a_replica_is_unready_until_it_listens() {
        assertThat(connections.ready().call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);

        connections.areAccepted();

        assertThat(connections.ready().call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }

    @Test
    void the_second_of_two_requests_sent_together_is_under_way_after_the_first_answer() {
        EmbeddedChannel caller = accept();
        send(caller, REQUEST + REQUEST);
        answer(caller);
        accept();
        accept();

        accept();

        assertThat(caller.isOpen()).isTrue();
    }

    @Test
    void an_answer_that_says_to_go_on_is_not_the_end() {
        EmbeddedChannel caller = accept();
        send(caller, "POST /v1/x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");

        answer(caller, HttpResponseStatus.CONTINUE);
        pass(caller, 10);

        assertThat(caller.isOpen()).isTrue();
    }

    @Test
    void what_is_closed_leaves_its_place() {
        accept().close();

        assertThat(registry.get("liveness.connections").gauge().value()).isZero();
    }

    @Test
    void as_many_connections_are_allowed_as_fit() {
        long heap = 128 << 20;

        assertThat(Connections.max(OptionalInt.empty(), 32 << 10, heap / 8 * 3)).isEqualTo(1_536);
        assertThat(Connections.max(OptionalInt.of(1_536), 32 << 10, heap / 8 * 3))
                .isEqualTo(1_536);
        assertThat(Connections.max(OptionalInt.empty(), 32 << 10, 64L << 30)).isEqualTo(10_000);
        assertThatThrownBy(() -> Connections.max(OptionalInt.of(1_537), 32 << 10, heap / 8 * 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("liveness.connections.max=1537: from 1 to 1536 connections of 32 KB")
                .hasMessageContaining("48 MB");
    }

    private double refused() {
        return registry.get("liveness.limits.refused")
                .tag("limit", "connections")
                .counter()
                .count();
    }

    private EmbeddedChannel accept() {
        EmbeddedChannel caller = new EmbeddedChannel();
        caller.freezeTime();
        assertThat(connections.admit(caller)).isTrue();
        accepted.forEach(EmbeddedChannel::runPendingTasks);
        accepted.add(caller);
        HttpServerOptions options =
                new HttpServerOptions().setMaxHeaderSize(20_480).setMaxInitialLineLength(4_096);
        RequestHeads heads = new RequestHeads(options, connections) {
            @Override
            void setReading(ChannelHandlerContext context, boolean reads) {
                context.channel().config().setAutoRead(reads);
            }
        };
        caller.pipeline().addLast(heads, heads.new Answers());
        return caller;
    }

    private static void send(EmbeddedChannel caller, String part) {
        caller.writeInbound(Unpooled.copiedBuffer(part, StandardCharsets.ISO_8859_1));
    }

    private static void pass(EmbeddedChannel caller, int seconds) {
        caller.advanceTimeBy(seconds, TimeUnit.SECONDS);
        caller.runScheduledPendingTasks();
    }

    private static void answer(EmbeddedChannel caller) {
        answer(caller, HttpResponseStatus.OK);
    }

    private static void answer(EmbeddedChannel caller, HttpResponseStatus status) {
        caller.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
    }

    private static List<HttpRequest> requests(EmbeddedChannel caller) {
        List<HttpRequest> requests = new ArrayList<>();
        for (Object part = caller.readInbound(); part != null; part = caller.readInbound()) {
            if (part instanceof HttpRequest request) {
                requests.add(request);
            }
        }
        return requests;
    }

    private static List<String> pieces(EmbeddedChannel caller) {
        List<String> pieces = new ArrayList<>();
        for (Object part = caller.readInbound(); part != null; part = caller.readInbound()) {
            if (part instanceof HttpContent content && content != LastHttpContent.EMPTY_LAST_CONTENT) {
                pieces.add(content.content().toString(StandardCharsets.ISO_8859_1));
            }
        }
        return pieces;
    }
}

package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.GatewayMetrics;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests that are sent slowly, and answers that are read slowly, keep no other caller waiting. */
class SlowRequestsIT {

    private static final int MORE_THAN_WORKER_THREADS = 205;
    private static final int PER_CALLER = 64;
    private static final Duration TO_BE_CUT = Duration.ofSeconds(30);

    private static Surroundings around;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() {
        around = new Surroundings(SandboxSettings.defaults());
        gateway = around.start(around.environment()
                .with("jumdata.calls-per-second", "1000")
                .with("liveness.statement.receive-timeout", "10s"));
    }

    @AfterAll
    static void end() {
        around.close();
    }

    @Test
    void bodies_that_arrive_byte_by_byte_are_cut_and_meanwhile_others_are_answered() throws IOException {
        String head = "POST /v1/liveness-sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Idempotency-Key: slow\r\nAuthorization: Bearer "
                + around.callers().accessToken("slow")
                + "\r\nContent-Length: 100000\r\n\r\n";
        try (SlowSenders slow = new SlowSenders(port(), MORE_THAN_WORKER_THREADS)) {
            slow.send(head + "{\"title\":\"" + "x".repeat(12_000));
            slow.dripEvery(Duration.ofSeconds(1));

            assertServed("while bodies arrive");
            assertThat(slow.answered(408)).isZero();

            Patience.await("every slow body to be refused", TO_BE_CUT)
                    .until(() -> slow.closed() == MORE_THAN_WORKER_THREADS);
            assertThat(slow.answered(408)).isEqualTo(PER_CALLER);
            assertThat(slow.answered(429)).isEqualTo(MORE_THAN_WORKER_THREADS - PER_CALLER);
            assertServed("afterwards");
        }
    }

    @Test
    void answers_that_are_read_byte_by_byte_keep_no_other_waiting() throws IOException {
        IntStream.range(0, 60)
                .mapToObj(n -> around.callers().openLater(gateway.url(), "row-" + n, "pass"))
                .toList()
                .forEach(CompletableFuture::join);
        String list = "GET /v1/liveness-sessions?pageSize=50 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + around.callers().accessToken() + "\r\n\r\n";
        try (SlowSenders slow = new SlowSenders(port(), 150)) {
            slow.send(list);
            // Their first bytes: the lists are made, and the rest of the answers stays unread.
            Patience.await("answers to begin", TO_BE_CUT).until(() -> slow.answered(200) == 150);

            assertServed("while answers are not read");
        }
    }

    private static int port() {
        return URI.create(gateway.url()).getPort();
    }

    private static void assertServed(String when) {
        List<Answer> opened = IntStream.range(0, 20)
                .mapToObj(n -> around.callers().openLater(gateway.url(), when.replace(' ', '-') + n, "pass"))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        assertThat(opened).as(when).extracting(Answer::status).containsOnly(201);
        assertThat(gateway.isReady()).as(when).isTrue();
        assertThat(new GatewayMetrics(gateway).opened()).as(when).isGreaterThanOrEqualTo(20);
    }

    /** Many connections that send a byte at a time and, until the other side closes them, read nothing. */
    private static final class SlowSenders implements AutoCloseable {

        /** As small as it can be: what is not read stays at the sender. */
        private static final int RECEIVE_BUFFER = 1_024;

        private static final class Sender {
            private final SocketChannel channel;
            private final ByteBuffer answer = ByteBuffer.allocate(4_096);
            private boolean closed;

            Sender(SocketChannel channel) {
                this.channel = channel;
            }
        }

        private final List<Sender> senders = new ArrayList<>();
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

        SlowSenders(int port, int count) throws IOException {
            for (int n = 0; n < count; n++) {
                SocketChannel channel = SocketChannel.open();
                channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
                channel.connect(new InetSocketAddress("localhost", port));
                channel.configureBlocking(false);
                senders.add(new Sender(channel));
            }
        }

        /** On each connection, as much of it as the other side takes. */
        void send(String part) throws IOException {
            for (Sender sender : senders) {
                sender.channel.write(ByteBuffer.wrap(part.getBytes(StandardCharsets.ISO_8859_1)));
            }
        }

        /** From now on one more byte on each connection. */
        void dripEvery(Duration pause) {
            clock.scheduleAtFixedRate(this::drip, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
        }

        private synchronized void drip() {
            for (Sender sender : senders) {
                if (!sender.closed) {
                    try {
                        sender.channel.write(ByteBuffer.wrap(new byte[] {'x'}));
                    } catch (IOException e) {
                        // Read below: an answer may have come before the other side closed.
                    }
                }
            }
        }

        /** How many the other side has closed. */
        synchronized long closed() {
            for (Sender sender : senders) {
                if (!sender.closed) {
                    try {
                        sender.closed = sender.channel.read(sender.answer) < 0;
                    } catch (IOException e) {
                        sender.closed = true;
                    }
                }
            }
            return senders.stream().filter(sender -> sender.closed).count();
        }

        /** How many answers with this status came, so far as they were read. */
        long answered(int status) {
            closed();
            return senders.stream()
                    .filter(sender -> new String(
                                    sender.answer.array(), 0, sender.answer.position(), StandardCharsets.ISO_8859_1)
                            .startsWith("HTTP/1.1 " + status + " "))
                    .count();
        }

        @Override
        public void close() throws IOException {
            clock.shutdownNow();
            for (Sender sender : senders) {
                sender.channel.close();
            }
        }
    }
}

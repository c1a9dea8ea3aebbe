package io.liveness.gateway.vendor.jumdata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names are looked up without blocking an event loop, as the service is configured. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class NamesTest {

    @Inject
    Vertx vertx;

    @ConfigProperty(name = "quarkus.vertx.resolver.servers")
    String nameServer;

    @ParameterizedTest
    @ValueSource(strings = {"https://nowhere.invalid", "https://silent.invalid"})
    void a_name_that_is_not_found_in_time_is_no_connection(String url) {
        TestConfig config = TestConfig.of("the-app", "the-secret")
                .at(url)
                .withTimeouts(Duration.ofMillis(800), Duration.ofMillis(400));
        try (StubNameServer names =
                new StubNameServer(Integer.parseInt(nameServer.substring(nameServer.indexOf(':') + 1)))) {
            VerdictOutcome outcome = config.jumdata(Instant::now, vertx, options -> {})
                    .poll(new Confidential("the-token"))
                    .await()
                    .atMost(Duration.ofSeconds(20));

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            VerdictOutcome.NoAnswer.class,
                            none -> assertThat(none.reason()).isEqualTo("no connection to the vendor could be made"));
            assertThat(names.questions()).isPositive();
        }
    }

    /** A name server on loopback that knows no name, and does not answer for names with {@code silent} in them. */
    private static final class StubNameServer implements AutoCloseable {

        private final DatagramSocket socket;
        private final AtomicInteger questions = new AtomicInteger();

        StubNameServer(int port) {
            try {
                socket = new DatagramSocket(port, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread thread = new Thread(this::serve, "stub name server");
            thread.setDaemon(true);
            thread.start();
        }

        int questions() {
            return questions.get();
        }

        private void serve() {
            byte[] buffer = new byte[1500];
            try {
                while (true) {
                    DatagramPacket message = new DatagramPacket(buffer, buffer.length);
                    socket.receive(message);
                    questions.incrementAndGet();
                    if (!new String(buffer, 0, message.getLength(), ISO_8859_1).contains("silent")) {
                        buffer[2] |= (byte) 0x80; // an answer …
                        buffer[3] = (byte) 0x83; // … of NXDOMAIN (RFC 1035, 4.1.1)
                        socket.send(message);
                    }
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}

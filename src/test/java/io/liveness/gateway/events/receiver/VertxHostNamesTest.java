package io.liveness.gateway.events.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rule for addresses is no rule if one of them is left out. */
class VertxHostNamesTest {

    private NameServer server;
    private Vertx vertx;

    @BeforeEach
    void begin() {
        server = new NameServer("198.51.100.7", "10.0.0.1", "127.0.0.1");
        vertx = Vertx.vertx(new VertxOptions()
                .setAddressResolverOptions(new AddressResolverOptions()
                        .addServer("127.0.0.1:" + server.socket.getLocalPort())
                        .setSearchDomains(List.of())));
    }

    @AfterEach
    void end() {
        vertx.close();
        server.socket.close();
    }

    @Test
    void all_addresses_of_a_name_are_found() throws Exception {
        assertThat(addresses("hooks.example"))
                .extracting(InetAddress::getHostAddress)
                .containsExactlyInAnyOrder("198.51.100.7", "10.0.0.1", "127.0.0.1");
    }

    @Test
    void a_name_that_is_not_known_is_a_failure() {
        assertThatThrownBy(() -> addresses("unknown.example"))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(UnknownHostException.class);
    }

    private List<InetAddress> addresses(String host) throws Exception {
        return new VertxHostNames(vertx)
                .addresses(host)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    /** Knows the IPv4 addresses of each name but those that begin with {@code unknown} (RFC 1035, 4.1). */
    private static final class NameServer {

        private static final int TYPE_A = 1;

        private final DatagramSocket socket;
        private final String[] addresses;

        NameServer(String... addresses) {
            this.addresses = addresses;
            try {
                socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread thread = new Thread(this::serve, "name server");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve() {
            byte[] question = new byte[512];
            try {
                while (true) {
                    DatagramPacket message = new DatagramPacket(question, question.length);
                    socket.receive(message);
                    byte[] answer = answer(ByteBuffer.wrap(question, 0, message.getLength()));
                    socket.send(new DatagramPacket(answer, answer.length, message.getSocketAddress()));
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        private byte[] answer(ByteBuffer question) throws IOException {
            int endOfName = 12;
            while (question.get(endOfName) != 0) {
                endOfName += question.get(endOfName) + 1;
            }
            int type = question.getShort(endOfName + 1);
            boolean known = !new String(question.array(), StandardCharsets.ISO_8859_1).contains("unknown");
            int records = known && type == TYPE_A ? addresses.length : 0;
            ByteBuffer answer = ByteBuffer.allocate(512)
                    .putShort(question.getShort(0))
                    .putShort((short) (known ? 0x8180 : 0x8183))
                    .putShort((short) 1)
                    .putShort((short) records)
                    .putInt(0)
                    .put(question.array(), 12, endOfName + 5 - 12);
            for (int record = 0; record < records; record++) {
                answer.putShort((short) 0xc00c)
                        .putShort((short) TYPE_A)
                        .putShort((short) 1)
                        .putInt(0)
                        .putShort((short) 4)
                        .put(InetAddressOf.text(addresses[record]).getAddress());
            }
            byte[] bytes = new byte[answer.position()];
            answer.flip().get(bytes);
            return bytes;
        }
    }
}

package io.liveness.gateway.finance.period;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.ShortPatience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stalled reader of a proof loses its connection and its place. */
@QuarkusTest
@TestProfile(ShortPatience.class)
@QuarkusTestResource(GatewayTestResource.class)
class StalledProofTest {

    /** More than what sockets hold. */
    private static final int MANY = 30_000;

    private static final Instant MARCH = Instant.parse("2001-02-28T16:00:00Z");
    private static final String PROOF = PeriodApi.PERIODS + "/2001-03/proof";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final PeriodApi periods = new PeriodApi();

    @Inject
    Stored stored;

    private MadeUpBooks books;

    @BeforeEach
    @AfterEach
    void remove_all_months() throws SQLException {
        books = new MadeUpBooks(stored);
        books.remove();
    }

    @Test
    void it_is_disconnected_after_the_limit_and_its_place_is_free() throws Exception {
        books.many(MANY, MARCH);
        periods.closed("2001-03");
        try (Socket first = reader();
                Socket second = reader()) {
            assertThat(periods.finance.request().get(PROOF).statusCode()).isEqualTo(429);

            Patience.await("their places are free", PATIENCE)
                    .until(() -> periods.finance.request().get(PROOF).statusCode() == 200);

            assertThat(endsWell(first)).isFalse();
            assertThat(endsWell(second)).isFalse();
        }
    }

    /** Has the first line of the answer, and reads nothing more. */
    private Socket reader() throws IOException {
        Socket socket = new Socket();
        // Small, so that little of the answer is on its way.
        socket.setReceiveBufferSize(8_192);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress("localhost", RestAssured.port));
        socket.getOutputStream()
                .write(("GET " + PROOF + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                + periods.finance.token() + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
        return socket;
    }

    /** Whether the rest of the answer has its end, as HTTP tells it. The connection has to be closed for that, not left open. */
    private static boolean endsWell(Socket socket) {
        StringBuilder end = new StringBuilder();
        byte[] part = new byte[65_536];
        try {
            InputStream in = socket.getInputStream();
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                end.append(new String(part, 0, read, StandardCharsets.ISO_8859_1));
                end.delete(0, Math.max(0, end.length() - 10));
            }
        } catch (SocketTimeoutException silent) {
            throw new AssertionError("the connection was left open", silent);
        } catch (IOException reset) {
            return false;
        }
        return end.toString().endsWith("0\r\n\r\n");
    }
}

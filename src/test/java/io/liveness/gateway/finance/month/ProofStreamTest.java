package io.liveness.gateway.finance.month;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.TestDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proof of a month of many rows, read to the end or not to the end. */
@QuarkusTest
class ProofStreamTest {

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
    void a_proof_of_several_portions_has_every_row_once_in_order() throws SQLException {
        books.many(2_345, MARCH);

        Map<String, Object> closed = periods.closed("2001-03");

        periods.verify(closed);
        assertThat(closed).containsEntry("rows", 2 * 2_345);
        assertThat(sessions(periods.lines("2001-03")))
                .isEqualTo(stored.strings("""
                        select s.id::text from liveness_session s cross join (values (1), (2)) twice
                        where s.init_at < ? order by s.init_at, s.id
                        """, MadeUpBooks.time(MARCH.plus(Duration.ofDays(31)))));
    }

    @Test
    void a_proof_that_the_database_does_not_carry_to_its_end_is_broken_off() throws Exception {
        books.many(MANY, MARCH);
        periods.closed("2001-03");
        try (Socket reader = reader()) {
            byte[] head = reader.getInputStream().readNBytes(1_000);
            assertThat(new String(head, StandardCharsets.UTF_8)).startsWith("HTTP/1.1 200");
            try (AutoCloseable back = TestDatabase.away(
                    stored.strings("select current_database()").get(0))) {
                assertThat(endOf(reader.getInputStream())).doesNotEndWith("0\r\n\r\n");
            }
        }
        await().atMost(PATIENCE)
                .until(() -> periods.finance.request().get(PeriodApi.PERIODS).statusCode() == 200);
    }

    /** Has asked, and reads nothing. */
    private Socket reader() throws IOException {
        Socket socket = new Socket();
        // Small, so that little of the answer is on its way.
        socket.setReceiveBufferSize(8_192);
        socket.connect(new InetSocketAddress("localhost", RestAssured.port));
        socket.getOutputStream()
                .write(("GET " + PROOF + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                + periods.finance.token() + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** The last characters of what comes until the connection ends. */
    private static String endOf(InputStream in) {
        StringBuilder end = new StringBuilder();
        byte[] part = new byte[65_536];
        try {
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                end.append(new String(part, 0, read, StandardCharsets.ISO_8859_1));
                end.delete(0, Math.max(0, end.length() - 10));
            }
        } catch (IOException reset) {
            return end + " and then a reset";
        }
        return end.toString();
    }

    private static List<String> sessions(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll(".*\"sessionId\":\"([^\"]+)\".*", "$1"))
                .toList();
    }
}

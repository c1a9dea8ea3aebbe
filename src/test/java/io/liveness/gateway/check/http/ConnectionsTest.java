package io.liveness.gateway.check.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.limits.WaitingPlaces;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.http.RawAnswer;
import io.liveness.gateway.testsupport.http.RawConnection;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections to the API's port: versions of HTTP and time limits. */
@QuarkusTest
@TestProfile(LowLimits.class)
class ConnectionsTest {

    private static final String GET = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n";

    private final Api api = Api.asNewCaller();

    @Test
    void http_2_without_tls_is_refused_at_the_start_of_a_connection() throws IOException {
        try (RawConnection caller = new RawConnection()) {
            RawAnswer answer = caller.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(caller.isClosed()).isTrue();
        }
    }

    @Test
    void an_upgrade_to_it_is_ignored() throws IOException {
        try (RawConnection caller = new RawConnection()) {
            RawAnswer answer = caller.exchange(GET + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n");

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("Upgrade")).isNull();
        }
    }

    /** Half a minute: an idle timeout is longer than the longest wait. */
    @Test
    @Tag("long")
    void a_connection_on_which_nothing_happens_is_closed_but_no_long_wait_is_cut() throws Exception {
        String waitedFor = api.opened("abandon");
        try (RawConnection idle = new RawConnection()) {
            assertThat(idle.exchange(GET + "\r\n").status()).isEqualTo(404);

            Response answer = api.request()
                    .queryParam("waitSeconds", WaitingPlaces.MAX_WAIT_SECONDS)
                    .get(Api.SESSIONS + "/" + waitedFor);

            assertThat(answer.<String>path("status")).isEqualTo("PENDING");
            assertThat(idle.isClosed()).isTrue();
        }
    }
}

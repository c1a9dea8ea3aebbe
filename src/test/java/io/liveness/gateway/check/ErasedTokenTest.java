package io.liveness.gateway.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.check.schedule.LeaseSessions;
import io.liveness.gateway.check.schedule.LeasedSession;
import io.liveness.gateway.check.settle.RecordAnswers;
import io.liveness.gateway.check.settle.RecordAnswers.PolledSession;
import io.liveness.gateway.check.settle.Ticks;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The token and checkUrl of a session are erased when it ends, and its owner still finds it by the token. */
@QuarkusTest
class ErasedTokenTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Api api = Api.asNewCaller();

    @Inject
    LeaseSessions leases;

    @Inject
    RecordAnswers record;

    @Inject
    Ticks ticks;

    @Inject
    Stored stored;

    @Test
    void a_pending_session_has_them_encrypted() {
        assertThat(sealed(api.opened("abandon"))).isEqualTo("token checkUrl schedule hash");
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    void a_verdict_erases_them(Verdict verdict) {
        Response session = api.open("abandon");

        answer(lease(session.path("id")), verdict);

        assertThat(sealed(session.path("id"))).isEqualTo("hash");
        assertFoundByItsToken(session);
    }

    @Test
    void a_write_off_erases_them() {
        Response session = api.open("abandon");

        ticks.writeOff(List.of(lease(session.path("id")))).await().atMost(PATIENCE);

        assertThat(sealed(session.path("id"))).isEqualTo("hash");
        assertFoundByItsToken(session);
        assertThat(api.get(session.path("id")).<String>path("status")).isEqualTo("EXPIRED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"token_sealed", "check_url_sealed"})
    void the_database_holds_the_service_to_it(String column) {
        Response session = api.open("pass");
        api.check(session.path("id"));

        assertThatThrownBy(() -> stored.execute(
                        "update liveness_session set " + column + " = 'x'::bytea where id = ?",
                        UUID.fromString(session.path("id"))))
                .hasMessageContaining("ended_has_no_token");
    }

    private void assertFoundByItsToken(Response session) {
        Response found = api.request()
                .contentType(ContentType.JSON)
                .body(Map.of("token", session.<String>path("token")))
                .post(Api.SESSIONS + "/lookup");
        assertThat(found.statusCode()).isEqualTo(200);
        assertThat(found.<String>path("id")).isEqualTo(session.path("id"));
    }

    private String sealed(String id) {
        return stored.strings(
                        "select concat_ws(' ', case when token_sealed is not null then 'token' end,"
                                + " case when check_url_sealed is not null then 'checkUrl' end,"
                                + " case when exists (select from session_schedule where session_id = id and token_sealed is not null)"
                                + " then 'schedule' end, case when token_hash is not null then 'hash' end) from liveness_session where id = ?",
                        UUID.fromString(id))
                .get(0);
    }

    private LeasedSession lease(String id) {
        return leases.one(UUID.fromString(id), OptionalInt.empty())
                .await()
                .atMost(PATIENCE)
                .orElseThrow();
    }

    private void answer(LeasedSession session, Verdict verdict) {
        VerdictOutcome outcome =
                new VerdictOutcome.Final(verdict, "said", BillingFlag.ABSENT, Optional.empty(), Optional.of("1"));
        record.answers(List.of(new PolledSession(session, outcome, Instant.now())), Purpose.POLL)
                .await()
                .atMost(PATIENCE);
    }
}

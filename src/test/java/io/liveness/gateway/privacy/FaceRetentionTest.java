package io.liveness.gateway.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.privacy.face.FaceImageTest;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gateway redacts a face image when its retention is over: not before, once, and on any replica. */
@QuarkusTest
class FaceRetentionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String JUST_KEPT = "23 hours 59 minutes";
    private static final String OVER = "24 hours";

    private final Api owner = Api.asNewCaller();

    @Inject
    DatabaseFigures figures;

    @Inject
    RedactFaces redact;

    @Inject
    MeterRegistry registry;

    @Inject
    Stored stored;

    @BeforeEach
    void nothing_is_due() {
        redactDue();
    }

    @Test
    void a_face_image_is_redacted_when_its_retention_is_over_and_the_record_says_why() throws SQLException {
        String over = passed(OVER);
        String kept = passed(JUST_KEPT);
        String sealed = sealed(over);
        assertThat(stored.tablesWith(sealed)).containsExactly("liveness_session");
        double before = redacted("retention");

        redactDue();

        assertThat(FaceImageTest.face(owner, over).statusCode()).isEqualTo(410);
        assertThat(FaceImageTest.face(owner, kept).statusCode()).isEqualTo(200);
        assertThat(stored.tablesWith(sealed)).isEmpty();
        assertThat(redacted("retention")).isEqualTo(before + 1);
        owner.get(over).then().body("status", equalTo("PASSED")).body("charge.status", equalTo("CHARGED"));
        assertThat(stored.ledger(over)).containsExactly("PRE_DEDUCT/VENDOR", "CHARGE/RULE");
        assertThat(owner.eventTypes(over)).endsWith("SETTLED", "FACE_REDACTED");
        owner.request()
                .get(Api.SESSIONS + "/" + over + "/events")
                .then()
                .body("items.find { it.type == 'FACE_REDACTED' }.detail.by", equalTo("retention"));
    }

    @Test
    void replicas_that_redact_together_redact_everything_once() throws SQLException {
        String model = passed(OVER);
        String caller = "crowd-" + UUID.randomUUID();
        int sessions = 2 * RedactFaces.BATCH + 3;
        copies(model, caller, sessions);
        try {
            CompletableFuture.allOf(Stream.generate(() -> CompletableFuture.runAsync(redact::redact))
                            .limit(3)
                            .toArray(CompletableFuture[]::new))
                    .join();

            assertThat(stored.strings(
                            "select count(*) || ' ' || count(distinct e.session_id) || ' ' || count(distinct e.id)"
                                    + " from session_event e join liveness_session s on s.id = e.session_id"
                                    + " where s.caller = ? and e.type = 'FACE_REDACTED' and s.face_url_sealed is null",
                            caller))
                    .containsExactly("%1$d %1$d %1$d".formatted(sessions));
        } finally {
            stored.execute(
                    "delete from session_event using liveness_session s where session_id = s.id and s.caller = ?",
                    caller);
            stored.execute("delete from session_end where caller = ?", caller);
            stored.execute("delete from liveness_session where caller = ?", caller);
        }
    }

    @Test
    void operations_see_how_many_are_due_and_for_how_long() throws SQLException {
        count();
        assertThat(gauge("liveness.faces.due")).isZero();
        assertThat(gauge("liveness.faces.overdue")).isZero();
        passed("25 hours");
        passed(OVER);
        passed(JUST_KEPT);

        count();

        assertThat(gauge("liveness.faces.due")).isEqualTo(2);
        assertThat(gauge("liveness.faces.overdue")).isBetween(3_600.0, 3_600 + PATIENCE.toSeconds() + 0.0);
        redactDue();
        count();
        assertThat(gauge("liveness.faces.due")).isZero();
        assertThat(gauge("liveness.faces.overdue")).isZero();
    }

    /** A session that passed so long ago. */
    private String passed(String ago) throws SQLException {
        String id = owner.opened("pass");
        owner.check(id).then().body("status", equalTo("PASSED"));
        stored.execute(
                "update session_end set face_since = liveness_now() - ?::interval where session_id = ?",
                ago,
                UUID.fromString(id));
        return id;
    }

    private void copies(String model, String caller, int sessions) throws SQLException {
        stored.execute(
                "insert into liveness_session select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(),"
                        + " 'caller', ?, 'idempotency_key', n, 'token_hash', null, 'fee_amount', null, 'charge_status', 'NONE'))).*"
                        + " from liveness_session s, generate_series(1, ?) n where s.id = ?",
                caller,
                sessions,
                UUID.fromString(model));
        stored.execute(
                "insert into session_end (caller, status, session_id, face_since)"
                        + " select caller, status, id, liveness_now() - ?::interval from liveness_session where caller = ?",
                OVER,
                caller);
    }

    private String sealed(String id) {
        return stored.strings(
                        "select encode(face_url_sealed, 'hex') from liveness_session where id = ?", UUID.fromString(id))
                .get(0);
    }

    private void redactDue() {
        redact.redact();
    }

    private void count() {
        figures.read().await().indefinitely();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private double redacted(String by) {
        return registry.get("liveness.faces.redacted").tag("by", by).counter().count();
    }
}

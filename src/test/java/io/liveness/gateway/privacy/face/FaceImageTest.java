package io.liveness.gateway.privacy.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.schedule.LeasedSession;
import io.liveness.gateway.check.settle.RecordAnswers;
import io.liveness.gateway.check.settle.RecordAnswers.PolledSession;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The face image of a passed session: only its owner sees it, until it is redacted. */
@QuarkusTest
public class FaceImageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Api owner = Api.asNewCaller();

    @Inject
    Sandbox sandbox;

    @Inject
    RecordAnswers record;

    @Inject
    Stored stored;

    @Test
    void the_owner_of_a_passed_session_sees_the_face_image_which_nothing_on_the_way_keeps() {
        Response answer = face(owner, passed());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("image/jpeg");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Content-Disposition")).isEqualTo("inline");
        assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(answer.asByteArray().length));
        assertThat(answer.asByteArray()).startsWith(0xff, 0xd8, 0xff).endsWith(0xff, 0xd9);
    }

    @Test
    void a_session_that_has_not_passed_has_no_face_image() {
        for (String scenario : List.of("abandon", "not-pass", "fail")) {
            String id = owner.opened(scenario);
            owner.check(id);

            problem(face(owner, id), 404, "not-found");
            problem(redact(owner, id), 404, "not-found");
        }
    }

    @Test
    void once_redacted_it_is_gone_for_good_and_its_address_is_in_no_table() {
        owner.request()
                .contentType(ContentType.JSON)
                .body("{\"url\":\"https://shop.example/webhooks\"}")
                .post("/v1/webhook-endpoints?verify=false")
                .then()
                .statusCode(201);
        String address = "http://localhost:1/marked-" + UUID.randomUUID();
        String id = passed(address);
        String sealed = sealed(id);
        face(owner, id);
        assertThat(stored.tablesWith(sealed)).containsExactly("liveness_session");
        assertThat(stored.tablesWith(id))
                .contains("liveness_session", "session_event", "ledger_entry", "webhook_delivery");

        assertThat(redact(owner, id).statusCode()).isEqualTo(204);

        problem(face(owner, id), 410, "gone");
        assertThat(stored.tablesWith(sealed)).isEmpty();
        assertThat(stored.tablesWith(address)).isEmpty();
        owner.get(id).then().body("status", equalTo("PASSED")).body("charge.status", equalTo("CHARGED"));
    }

    @Test
    void redacting_again_is_no_second_event() {
        String id = passed();

        List<Integer> answers = Stream.generate(() -> redact(owner, id).statusCode())
                .parallel()
                .limit(8)
                .toList();

        assertThat(answers).containsOnly(204);
        assertThat(owner.eventTypes(id)).endsWith("SETTLED", "FACE_REDACTED").containsOnlyOnce("FACE_REDACTED");
        dataEvents(id).body("items.type", contains("FACE_REDACTED")).body("items.by", contains(owner.caller()));
    }

    @Test
    void each_view_is_an_event_with_its_viewer() {
        String id = passed();

        face(owner, id);
        face(owner, id);
        face(Api.asNewCaller(), id);

        dataEvents(id)
                .body("items.type", contains("FACE_VIEWED", "FACE_VIEWED"))
                .body("items.by", contains(owner.caller(), owner.caller()));
        assertThat(owner.eventTypes(id)).endsWith("SETTLED");
    }

    @Test
    void a_view_that_cannot_be_recorded_shows_nothing() throws SQLException {
        String id = passed();
        stored.execute("alter table face_view add constraint no_view check (false) not valid");
        try {
            Response answer = problem(face(owner, id), 503, "unavailable");
            assertThat(answer.header("Retry-After")).isEqualTo("5");
        } finally {
            stored.execute("alter table face_view drop constraint no_view");
        }

        assertThat(owner.dataEventTypes(id)).isEmpty();
        assertThat(face(owner, id).statusCode()).isEqualTo(200);
    }

    @Test
    void a_verdict_that_comes_once_more_does_not_bring_it_back() {
        String id = passed();
        redact(owner, id);

        record.answers(List.of(passes(UUID.fromString(id), Optional.of("http://localhost:1/again.jpg"))), Purpose.POLL)
                .await()
                .atMost(PATIENCE);

        problem(face(owner, id), 410, "gone");
        assertThat(sealed(id)).isNull();
    }

    @Test
    void what_the_vendor_no_longer_has_is_gone() {
        String id = passed();
        sandbox.forgetFaces();

        problem(face(owner, id), 410, "gone");
        assertThat(owner.dataEventTypes(id)).isEmpty();
        assertThat(redact(owner, id).statusCode()).isEqualTo(204);
    }

    @Test
    void a_pass_without_a_face_image_is_as_one_that_is_gone() {
        String id = owner.opened("abandon");
        record.answers(List.of(passes(UUID.fromString(id), Optional.empty())), Purpose.POLL)
                .await()
                .atMost(PATIENCE);

        problem(face(owner, id), 410, "gone");
    }

    /** The stored address in hexadecimal digits; null without one. */
    private String sealed(String id) {
        return stored.strings(
                        "select encode(face_url_sealed, 'hex') from liveness_session where id = ?", UUID.fromString(id))
                .get(0);
    }

    private ValidatableResponse dataEvents(String id) {
        return owner.request()
                .get(Api.SESSIONS + "/" + id + "/data-events")
                .then()
                .statusCode(200);
    }

    private String passed(String faceUrl) {
        String id = owner.opened("abandon");
        record.answers(List.of(passes(UUID.fromString(id), Optional.of(faceUrl))), Purpose.POLL)
                .await()
                .atMost(PATIENCE);
        return id;
    }

    private String passed() {
        String id = owner.opened("pass");
        owner.check(id).then().body("status", equalTo("PASSED"));
        return id;
    }

    public static PolledSession passes(UUID id, Optional<String> faceUrl) {
        LeasedSession session =
                new LeasedSession(id, SessionStatus.PENDING, 1, 1, Instant.EPOCH, Optional.empty(), Optional.empty());
        return new PolledSession(
                session,
                new VerdictOutcome.Final(
                        Verdict.PASSED, "said", BillingFlag.ABSENT, faceUrl.map(Confidential::new), Optional.of("1")),
                Instant.now());
    }

    public static Response face(Api caller, String id) {
        return caller.request().get(Api.SESSIONS + "/" + id + "/face-image");
    }

    private static Response redact(Api caller, String id) {
        return caller.request().delete(Api.SESSIONS + "/" + id + "/face-image");
    }

    static Response problem(Response answer, int status, String code) {
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        assertThat(answer.<String>path("code")).isEqualTo(code);
        assertThat(answer.statusCode()).isEqualTo(status);
        return answer;
    }
}

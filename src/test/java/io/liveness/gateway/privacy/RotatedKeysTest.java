package io.liveness.gateway.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The key of a thinned session is found under each stored key of hashes. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class RotatedKeysTest {

    private final Api api = Api.asNewCaller();
    private final String key = UUID.randomUUID().toString();

    @Inject
    Sealing sealing;

    @Inject
    Stored stored;

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_thinned_key_is_gone_whichever_key_hashed_it(int nth) throws SQLException {
        String id = thinned(nth);

        api.open(key, Api.scenario("pass"))
                .then()
                .statusCode(410)
                .body("code", equalTo("gone"))
                .body("sessionId", equalTo(id));
        assertThat(stored.count("select count(*) from liveness_session where caller = ?", api.caller()))
                .isEqualTo(1);
    }

    @Test
    void a_key_that_is_hashed_and_not_yet_erased_finds_its_session() throws SQLException {
        String id = api.open(key, Api.scenario("pass")).path("id");
        hashed(id, 1);

        api.open(key, Api.scenario("pass")).then().statusCode(200).body("id", equalTo(id));
    }

    private String thinned(int nth) throws SQLException {
        String id = api.open(key, Api.scenario("pass")).path("id");
        api.check(id);
        hashed(id, nth);
        stored.execute(
                "update liveness_session set thinned_at = liveness_now(), idempotency_key = null, request_hash = null,"
                        + " return_url = null, title = null, verdict_message = null, token_hash = null where id = ?",
                UUID.fromString(id));
        return id;
    }

    private void hashed(String id, int nth) throws SQLException {
        stored.execute(
                "update liveness_session set key_hash = ?, key_hashed_at = liveness_now() where id = ?",
                sealing.keyHashes(api.caller(), key)[nth],
                UUID.fromString(id));
    }
}

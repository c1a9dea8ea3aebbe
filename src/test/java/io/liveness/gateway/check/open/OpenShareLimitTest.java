package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The share of opens over the API; {@link OpenShareTest} has its rules. */
@QuarkusTest
class OpenShareLimitTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MANY = 15;

    private final Api greedy = Api.asNewCaller();
    private final Api modest = Api.asNewCaller();

    private Response answer;
    private String key;

    @Inject
    Stored stored;

    @Inject
    OpenShare share;

    @AfterEach
    void fill() throws SQLException {
        stored.fillBudget();
    }

    @Test
    void a_caller_that_has_its_share_waits_and_its_key_stays_good() {
        Patience.await("a refusal after the budget was spent", PATIENCE).until(() -> {
            for (int open = 0; open < MANY; open++) {
                greedy.open("pass");
            }
            stored.spendBudget();
            modest.open("pass");
            stored.fillBudget();
            answerOf(UUID.randomUUID().toString());
            return answer.statusCode() == 429;
        });

        answer.then()
                .header("Retry-After", Integer::parseInt, greaterThanOrEqualTo(1))
                .header("RateLimit", containsString("\"open-share\";r=0"))
                .body("code", equalTo("rate-limited"));
        Patience.await("the end of the limit", PATIENCE).until(() -> {
            answerOf(key);
            return answer.statusCode() == 201;
        });
    }

    @Test
    void other_replicas_hear_whose_opens_were_refused_here() throws SQLException {
        stored.spendBudget();
        modest.open("pass").then().statusCode(503);
        stored.fillBudget();

        share.lookElsewhere().await().atMost(PATIENCE);

        assertThat(stored.strings("select caller from open_refused where at > liveness_now() - interval '1 minute'"))
                .contains(modest.caller());
    }

    private void answerOf(String withKey) {
        key = withKey;
        answer = greedy.open(withKey, Api.scenario("pass"));
    }
}

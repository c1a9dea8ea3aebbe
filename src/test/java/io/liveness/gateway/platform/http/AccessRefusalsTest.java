package io.liveness.gateway.platform.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxKeys;
import io.liveness.gateway.sandbox.TokenIssuer;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.SettableClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are not let in leave a line and are counted. */
@QuarkusTest
class AccessRefusalsTest {

    private static final Duration MORE_THAN_A_MINUTE = Duration.ofSeconds(61);

    @ConfigProperty(name = "sandbox.signing-key")
    String signingKey;

    @Inject
    MeterRegistry meters;

    @Inject
    SettableClock clock;

    private LogRecorder log;

    @BeforeEach
    void begin() {
        clock.advance(MORE_THAN_A_MINUTE);
        log = LogRecorder.start();
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void a_missing_role_is_told_with_the_caller_once_a_minute_with_the_number() {
        String name = "finance-" + UUID.randomUUID();
        Api caller = Api.as(name, "finance");
        double before = counted("403", "role");

        for (int i = 0; i < 5; i++) {
            caller.request().get(Api.SESSIONS).then().statusCode(403);
        }
        clock.advance(MORE_THAN_A_MINUTE);
        caller.request().get(Api.SESSIONS).then().statusCode(403);

        String line = "access.refused status=403 reason=role caller=" + name + " path=" + Api.SESSIONS;
        assertThat(lines(name)).containsExactly(line + " count=1", line + " count=5");
        assertThat(counted("403", "role")).isEqualTo(before + 6);
    }

    @Test
    void a_refused_token_is_told_by_its_reason_and_never_itself() {
        String foreign = new TokenIssuer(SandboxKeys.generate()).issue("shop", Set.of("liveness"), Duration.ofHours(1));
        String endless =
                new TokenIssuer(SandboxKeys.restore(signingKey)).issue("shop", Set.of("liveness"), Duration.ofDays(30));

        given().get(Api.SESSIONS).then().statusCode(401);
        given().auth().oauth2("garbage").get(Api.SESSIONS).then().statusCode(401);
        given().auth().oauth2(foreign).get(Api.SESSIONS).then().statusCode(401);
        given().auth().oauth2(endless).get(Api.SESSIONS).then().statusCode(401);

        assertThat(lines("status=401"))
                .extracting(line -> line.replaceAll(".* reason=(\\S*) .*", "$1"))
                .containsExactly("no-token", "invalid", "signature", "ends-too-late");
        // The issuer vouches for the caller's name in the last token alone.
        assertThat(lines("caller=shop")).hasSize(1);
        assertThat(log.lines()).noneMatch(line -> line.contains(foreign) || line.contains(endless));
        assertThat(counted("401", "no-token")).isPositive();
    }

    private List<String> lines(String part) {
        return log.lines().stream()
                .filter(line -> line.contains("access.refused") && line.contains(part))
                .map(line -> line.substring(line.indexOf("access.refused")))
                .toList();
    }

    private double counted(String status, String reason) {
        return meters.get("liveness.access.refused")
                .tags("status", status, "reason", reason)
                .counter()
                .count();
    }
}

package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The start of the packaged service in production. */
class ProductionStartIT {

    private final Surroundings around = new Surroundings(SandboxSettings.defaults());

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void it_starts_with_nothing_but_its_database_its_accounts_and_its_keys() {
        GatewayProcess gateway = around.start(essential());

        assertThat(around.callers().status("GET", gateway.url() + "/v1/liveness-sessions"))
                .isEqualTo(200);
        assertThat(gateway.errors()).isEmpty();
        assertThat(gateway.output())
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(new JsonObject(line).fieldNames()).contains("timestamp", "level", "message"));
    }

    @Test
    void neither_sandbox_nor_pages_answer_in_production() {
        GatewayProcess gateway = around.start(essential());

        for (String path :
                List.of("/", "/index.html", "/sandbox/tokens", "/sandbox/books", "/lifecheck/h5/v2-1/init")) {
            assertThat(around.callers().status("GET", gateway.url() + path))
                    .as(path)
                    .isEqualTo(404);
            assertThat(around.callers().status("POST", gateway.url() + path))
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void without_a_key_for_tokens_it_starts_and_answers_401() {
        GatewayProcess gateway =
                around.start(essential().without("quarkus.oidc.public-key").without("quarkus.oidc.token.issuer"));

        for (String path : List.of("/v1/liveness-sessions", "/v1/charges", "/v1/no-such-thing", "/v1/", "/v1")) {
            assertThat(around.callers().status("GET", gateway.url() + path))
                    .as(path)
                    .isEqualTo(401);
            assertThat(around.callers().status("POST", gateway.url() + path))
                    .as(path)
                    .isEqualTo(401);
        }
    }

    /** An operator cannot do without these settings. */
    private GatewayEnvironment essential() {
        return around.environment().without("quarkus.rest-client.jumdata.url").without("liveness.billing.prices");
    }
}

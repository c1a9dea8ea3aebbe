package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A wrong value stops the start, with a line that names the property. Values that are wrong in themselves are told together;
 * those that do not fit others are in {@link UnfittingConfigurationIT}.
 */
class BadConfigurationIT {

    private static Surroundings around;

    @BeforeAll
    static void surround() {
        around = new Surroundings(SandboxSettings.defaults());
    }

    @AfterAll
    static void end() {
        around.close();
    }

    private static Stream<Arguments> wrong_in_themselves() {
        return Stream.of(
                named(
                        "unreadable, or too long",
                        "jumdata.timeout=abc",
                        "liveness.limits.requests-per-second=many",
                        "liveness.statement.max-file-size=many",
                        "liveness.statement.max-inflated-size=many",
                        "liveness.return-hop.wait=31s"),
                named(
                        "too small, or no name",
                        "jumdata.timeout=0s",
                        "jumdata.connect-timeout=6s",
                        "jumdata.calls-per-second=0",
                        "jumdata.token-lifetime=0s",
                        "liveness.poll.every=999ms",
                        "liveness.poll.batch-size=0",
                        "liveness.tokens.verified-for=-1s",
                        "liveness.limits.requests-per-second=0",
                        "liveness.limits.open-sessions=0",
                        "liveness.session.retention=23h",
                        "liveness.face.retention=4m",
                        "liveness.return-hop.wait=0s",
                        "liveness.return-hop.max-concurrent=0",
                        "liveness.waiters.max=0",
                        "liveness.waiters.max-per-caller=0",
                        "liveness.face.timeout=0s",
                        "liveness.face.max-concurrent=0",
                        "liveness.webhook.timeout=0s",
                        "liveness.webhook.max-concurrent-per-endpoint=0",
                        "liveness.face.max-concurrent-per-caller=0",
                        "liveness.exports.max-concurrent=0",
                        "liveness.exports.stall-timeout=0s",
                        "liveness.statement.max-lines=0",
                        "liveness.statement.receive-timeout=9s",
                        "liveness.statement.answer-within=0s",
                        "liveness.statement.cut-off-tolerance=-1s",
                        "liveness.statement.lost-init-window=0s",
                        "liveness.issuer.timeout=99ms",
                        "liveness.session.cost-centres=marketing,sales and more"));
    }

    private static Arguments named(String what, String... settings) {
        return arguments(Named.of(what, settings));
    }

    @ParameterizedTest
    @MethodSource("wrong_in_themselves")
    void all_wrong_values_are_told_together(String... settings) {
        GatewayEnvironment environment = around.environment();
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            environment = environment.with(parts[0], parts[1]);
        }

        // That limit of Quarkus has the value of liveness.statement.max-file-size.
        List<String> said = RefusedStart.of(around, environment).stream()
                .filter(line -> !line.contains("quarkus.http.limits.max-body-size"))
                .toList();

        assertThat(said).hasSameSizeAs(settings);
        assertThat(settings)
                .allSatisfy(setting -> assertThat(said)
                        .anySatisfy(line -> assertThat(line)
                                .containsPattern(
                                        Pattern.quote(setting.substring(0, setting.indexOf('='))) + "(?![\\w.-])")));
    }

    @Test
    void all_missing_values_are_told_together() {
        assertThat(RefusedStart.of(
                        around,
                        around.environment().without("jumdata.app-secret").without("liveness.encryption.keys")))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("jumdata.app-secret"),
                        line -> assertThat(line).contains("liveness.encryption.keys"));
    }

    /** Those of Kubernetes for the service {@code liveness-gateway} are no properties either, and are left alone. */
    @Test
    void a_variable_that_no_property_reads() {
        GatewayEnvironment environment = around.environment()
                .with("LIVENESS_GATEWAY_SERVICE_HOST", "10.96.0.7")
                .with("LIVENESS_GATEWAY_SERVICE_PORT", "8080")
                .with("LIVENESS_GATEWAY_SERVICE_PORT_API", "8080")
                .with("LIVENESS_GATEWAY_PORT", "tcp://10.96.0.7:8080")
                .with("LIVENESS_GATEWAY_PORT_8080_TCP_ADDR", "10.96.0.7")
                .with("LIVENESS_POLL_EVRY", "2s")
                .with("JUMDATA_TIMEOUTS", "9s");

        assertThat(RefusedStart.of(around, environment))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("LIVENESS_POLL_EVRY"),
                        line -> assertThat(line).contains("JUMDATA_TIMEOUTS"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quarkus.oidc.token.issuer", "quarkus.oidc.token.audience"})
    void a_missing_value(String property) {
        assertThat(RefusedStart.of(around, around.environment().without(property)))
                .singleElement()
                .asString()
                .contains(property);
    }
}

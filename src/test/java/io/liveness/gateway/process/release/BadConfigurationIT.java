package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
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

/** A wrong value stops the start before the database is migrated, with a line that names the property. */
class BadConfigurationIT {

    private static final int LONGEST_LINE = 2_000;

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
                        "liveness.finance.approval.acceptance-above=100.00"),
                named(
                        "too small, or no name",
                        "jumdata.timeout=0s",
                        "jumdata.connect-timeout=6s",
                        "jumdata.calls-per-second=0",
                        "liveness.limits.open-sessions=0",
                        "liveness.session.retention=23h",
                        "liveness.session.cost-centres=marketing,sales and more"));
    }

    private static Stream<Arguments> unfitting() {
        return Stream.of(
                named(
                        "one of each",
                        "liveness.opening-timeout=1s",
                        "liveness.poll.timetable=20s,10s",
                        "liveness.poll.final-polls=3h",
                        "liveness.face.retention=366d",
                        "liveness.finance.budgets=shop=1000.00",
                        "liveness.finance.journal.text={nothing}",
                        "liveness.billing.prices=0.80",
                        "liveness.encryption.keys=one:dG9vIHNob3J0",
                        "liveness.return-hop.base-url=live.example",
                        "liveness.face.allowed-hosts=http://img.example",
                        "liveness.webhook.allowed-hosts=http://hooks.example",
                        "liveness.roles=shop=nothing",
                        "liveness.webhook.retries=0s",
                        "quarkus.oidc.token.issuer=any",
                        "quarkus.oidc.token.audience=liveness-gateway,any",
                        "quarkus.datasource.jdbc.url=jdbc:postgresql://db.example:5432/liveness?sslmode=prefer",
                        "quarkus.flyway.username=owner",
                        "quarkus.http.idle-timeout=30s",
                        "liveness.connections.max=10001",
                        "liveness.console.client-id=console",
                        "liveness.statement.default-mapping={}",
                        "liveness.issuer.refresh-keys-every=9s"),
                named(
                        "others",
                        "quarkus.rest-client.jumdata.url=http://api.jumdata.com",
                        "quarkus.rest-client.jumdata-init.url=http://api.jumdata.com",
                        "liveness.billing.prices=2999-01-01=0.80 CNY",
                        "liveness.encryption.keys=a key:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
                        "liveness.return-hop.base-url=https://live.example/?a=b",
                        "liveness.face.max-bytes=0",
                        "quarkus.http.limits.max-connections=2000",
                        "liveness.webhook.allowed-hosts=10.20.0.0/33",
                        "quarkus.oidc.auth-server-url=http://id.example/realms/company",
                        "quarkus.datasource.reactive.url=postgresql://db.example:5432/liveness",
                        "quarkus.datasource.jdbc.url=jdbc:postgresql://db.example:5432/liveness",
                        "liveness.statement.default-mapping=" + mapping("Asia/Nowhere")),
                named(
                        "of which others are made",
                        // The vendor's client is made of it, and with the client the rules of its times.
                        "jumdata.retryable-codes=500,610",
                        "liveness.console.cookie-secret=too-short",
                        "liveness.statement.default-mapping=none"),
                named("of signals", "liveness.signals.url=postgresql://user@db.example/liveness"));
    }

    private static String mapping(String timeZone) {
        return "{\"columns\":{\"taskNo\":\"a\",\"time\":\"b\",\"status\":\"c\",\"amount\":\"d\"},\"timeFormats\":[\"yyyy-MM-dd\"],"
                + "\"timeZone\":\"" + timeZone
                + "\",\"statusWords\":{\"e\":\"CHARGED\"},\"currency\":\"CNY\",\"sign\":\"POSITIVE\",\"totalWords\":[]}";
    }

    private static Arguments named(String what, String... settings) {
        return arguments(Named.of(what, settings));
    }

    @ParameterizedTest
    @MethodSource("wrong_in_themselves")
    void all_wrong_values_are_told_together(String... settings) {
        // Quarkus's limit of a body has the value of liveness.statement.max-file-size.
        List<String> said = refused(settings).stream()
                .filter(line -> !line.contains("quarkus.http.limits.max-body-size"))
                .toList();

        assertThat(said).hasSameSizeAs(settings);
        assertThat(settings)
                .allSatisfy(setting -> assertThat(said)
                        .anySatisfy(line -> assertThat(line)
                                .containsPattern(
                                        Pattern.quote(setting.substring(0, setting.indexOf('='))) + "(?![\\w.-])")));
    }

    /** A start has one value for each property. */
    @ParameterizedTest
    @MethodSource("unfitting")
    void all_values_that_do_not_fit_others_are_told_together(String... settings) {
        List<String> said = refused(settings);

        assertThat(settings)
                .allSatisfy(setting -> assertThat(said)
                        .anySatisfy(line -> assertThat(line).contains(setting.substring(0, setting.indexOf('=')))));
        assertThat(said).allSatisfy(line -> assertThat(line).doesNotContain("dG9vIHNob3J0", "MDEyMzQ1Njc4"));
        assertThat(around.database().count("select count(*) from pg_tables where schemaname = 'public'"))
                .isZero();
    }

    private static List<String> refused(String... settings) {
        GatewayEnvironment environment = around.environment();
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            environment = environment.with(parts[0], parts[1]);
        }
        return refused(environment);
    }

    @Test
    void all_missing_values_are_told_together() {
        assertThat(refused(around.environment().without("jumdata.app-secret").without("liveness.encryption.keys")))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("jumdata.app-secret"),
                        line -> assertThat(line).contains("liveness.encryption.keys"));
    }

    /** Kubernetes' variables for the service {@code liveness-gateway} are no properties either, and are left alone. */
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

        assertThat(refused(environment))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("LIVENESS_POLL_EVRY"),
                        line -> assertThat(line).contains("JUMDATA_TIMEOUTS"));
    }

    /** @return its reasons: each is a line, and no line has a stack trace */
    private static List<String> refused(GatewayEnvironment environment) {
        try (GatewayProcess gateway = around.launch(environment)) {
            assertThat(gateway.awaitExit()).as(gateway.tail()).isEqualTo(1);
            // A value that cannot be read is told before the log's own settings are read: as plain text, at standard
            // error.
            List<String> said = Stream.of(gateway.output(), gateway.errors())
                    .flatMap(List::stream)
                    .toList();
            assertThat(said)
                    .allSatisfy(line -> assertThat(line)
                            .hasSizeLessThan(LONGEST_LINE)
                            .doesNotContain("stackTrace", "\tat ", "Failed to start"));
            return said.stream()
                    .filter(line -> line.contains("start.refused: "))
                    .toList();
        }
    }
}

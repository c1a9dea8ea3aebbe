package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values that do not fit others stop the start before the database is migrated. They are told together; a start has one value for
 * each property.
 */
class UnfittingConfigurationIT {

    private static Surroundings around;

    @BeforeAll
    static void surround() {
        around = new Surroundings(SandboxSettings.defaults());
    }

    @AfterAll
    static void end() {
        around.close();
    }

    private static Stream<Arguments> unfitting() {
        return Stream.of(
                named(
                        "one of each",
                        "liveness.opening-timeout=1s",
                        "liveness.poll.timetable=20s,10s",
                        "liveness.poll.final-polls=3h",
                        "liveness.poll.stop-timeout=14s",
                        "liveness.face.retention=366d",
                        "liveness.finance.budgets=shop=1000.00",
                        "liveness.finance.four-eyes-above=100.00",
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
                        "liveness.console.client-id=console",
                        "liveness.statement.default-mapping.columns=taskNo,time",
                        "liveness.issuer.refresh-keys-every=9s"),
                named(
                        "others",
                        "quarkus.rest-client.jumdata.url=http://api.jumdata.com",
                        "quarkus.rest-client.jumdata-init.url=http://api.jumdata.com",
                        "liveness.billing.prices=2999-01-01=0.80 CNY",
                        "liveness.encryption.keys=a key:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
                        "liveness.return-hop.base-url=https://live.example/?a=b",
                        "liveness.face.max-bytes=0",
                        "liveness.webhook.allowed-hosts=10.20.0.0/33",
                        "quarkus.oidc.auth-server-url=http://id.example/realms/company",
                        "quarkus.datasource.reactive.url=postgresql://db.example:5432/liveness",
                        "quarkus.datasource.jdbc.url=jdbc:postgresql://db.example:5432/liveness",
                        "liveness.statement.default-mapping.time-zone=Asia/Nowhere"),
                named(
                        "of which others are made",
                        // The vendor's client is made of it, and with the client the rules of its times.
                        "jumdata.retryable-codes=500,610",
                        "liveness.console.cookie-secret=too-short",
                        "liveness.statement.default-mapping.status-words=CHARGED"),
                named("of signals", "liveness.signals.url=postgresql://user@db.example/liveness"));
    }

    private static Arguments named(String what, String... settings) {
        return arguments(Named.of(what, settings));
    }

    @ParameterizedTest
    @MethodSource("unfitting")
    void all_values_that_do_not_fit_are_told_together(String... settings) {
        GatewayEnvironment environment = around.environment();
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            environment = environment.with(parts[0], parts[1]);
        }

        List<String> said = RefusedStart.of(around, environment);

        assertThat(settings)
                .allSatisfy(setting -> assertThat(said)
                        .anySatisfy(line -> assertThat(line).contains(setting.substring(0, setting.indexOf('=')))));
        assertThat(said).allSatisfy(line -> assertThat(line).doesNotContain("dG9vIHNob3J0", "MDEyMzQ1Njc4"));
        assertThat(around.database().count("select count(*) from pg_tables where schemaname = 'public'"))
                .isZero();
    }
}

package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong value stops the start, with a sentence that names the property. */
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

    @ParameterizedTest
    @CsvSource({
        "jumdata.timeout, abc",
        "jumdata.timeout, 0s",
        "jumdata.connect-timeout, 6s",
        "jumdata.retryable-codes, '500,610'",
        "quarkus.rest-client.jumdata.url, http://api.jumdata.com",
        "jumdata.calls-per-second, 0",
        "jumdata.token-lifetime, 0s",
        "liveness.opening-timeout, 1s",
        "liveness.expiry-grace, -1s",
        "liveness.reconcile.every, 999ms",
        "liveness.reconcile.timetable, '20s,10s'",
        "liveness.reconcile.last-looks, 3h",
        "liveness.reconcile.stop-timeout, 14s",
        "liveness.reconcile.batch-size, 0",
        "liveness.tokens.verified-for, -1s",
        "liveness.tokens.max-verified, 0",
        "liveness.limits.requests-per-second, 0",
        "liveness.limits.requests-per-second, many",
        "liveness.limits.open-sessions, 0",
        "liveness.session.cost-centres, 'marketing,sales and more'",
        "liveness.session.retention, 23h",
        "liveness.face.retention, 4m",
        "liveness.face.retention, 366d",
        "liveness.finance.budgets, shop=1000.00",
        "liveness.finance.four-eyes-above, 100.00",
        "liveness.billing.prices, 0.80",
        "liveness.billing.prices, 2999-01-01=0.80 CNY",
        "liveness.encryption.keys, one:dG9vIHNob3J0",
        "liveness.encryption.keys, 'a key:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE='",
        "liveness.return-hop.base-url, live.example",
        "liveness.return-hop.base-url, https://live.example/?a=b",
        "liveness.return-hop.wait, 0s",
        "liveness.return-hop.wait, 31s",
        "liveness.return-hop.max-concurrent, 0",
        "liveness.waiters.max, 0",
        "liveness.waiters.max-per-caller, 0",
        "liveness.face.allowed-hosts, http://img.example",
        "liveness.face.max-bytes, 0",
        "liveness.face.timeout, 0s",
        "liveness.face.max-concurrent, 0",
        "liveness.webhook.allowed-hosts, http://hooks.example",
        "liveness.webhook.allowed-hosts, 10.20.0.0/33",
        "liveness.webhook.timeout, 0s",
        "liveness.webhook.max-concurrent-per-endpoint, 0",
        "quarkus.oidc.token.issuer, any",
        "quarkus.oidc.token.audience, 'liveness-gateway,any'",
        "quarkus.oidc.auth-server-url, http://id.example/realms/company",
        "quarkus.datasource.reactive.url, postgresql://db.example:5432/liveness",
        "quarkus.datasource.jdbc.url, jdbc:postgresql://db.example:5432/liveness?sslmode=prefer",
        "quarkus.flyway.username, owner",
        "liveness.face.max-concurrent-per-caller, 0",
        "quarkus.http.idle-timeout, 30s",
        "liveness.exports.max-concurrent, 0",
        "liveness.exports.stall-timeout, 0s",
        "liveness.console.client-id, console",
        "liveness.console.cookie-secret, too-short",
        "liveness.statement.max-file-size, many",
        "liveness.statement.max-inflated-size, many",
        "liveness.statement.max-lines, 0",
        "liveness.statement.receive-timeout, 9s",
        "liveness.statement.answer-within, 51s",
        "liveness.statement.cut-off-tolerance, -1s",
        "liveness.statement.lost-init-window, 0s",
        "liveness.statement.default-mapping.columns, 'taskNo,time'",
        "liveness.statement.default-mapping.time-zone, Asia/Nowhere",
        "liveness.statement.default-mapping.status-words, CHARGED",
        "liveness.issuer.timeout, 99ms",
        "liveness.issuer.refresh-keys-every, 9s",
    })
    void a_wrong_value(String property, String value) {
        String said = refused(around.environment().with(property, value));

        assertThat(said).contains(property).doesNotContain("dG9vIHNob3J0", "MDEyMzQ1Njc4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jumdata.app-secret",
                "liveness.encryption.keys",
                "quarkus.oidc.token.issuer",
                "quarkus.oidc.token.audience"
            })
    void a_missing_value(String property) {
        assertThat(refused(around.environment().without(property))).contains(property);
    }

    private static String refused(GatewayEnvironment environment) {
        try (GatewayProcess gateway = around.launch(environment)) {
            assertThat(gateway.awaitExit()).as(gateway.tail()).isNotZero();
            return String.join(
                    "\n",
                    Stream.of(gateway.output(), gateway.errors())
                            .flatMap(List::stream)
                            .toList());
        }
    }
}

package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that does not fit others, or what is built from it, stops the start with a sentence: one start for each. */
@Tag("long")
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

    @ParameterizedTest
    @CsvSource({
        "jumdata.retryable-codes, '500,610'",
        "quarkus.rest-client.jumdata.url, http://api.jumdata.com",
        "liveness.opening-timeout, 1s",
        "liveness.expiry-grace, -1s",
        "liveness.reconcile.timetable, '20s,10s'",
        "liveness.reconcile.last-looks, 3h",
        "liveness.reconcile.stop-timeout, 14s",
        "liveness.face.retention, 366d",
        "liveness.finance.budgets, shop=1000.00",
        "liveness.finance.four-eyes-above, 100.00",
        "liveness.billing.prices, 0.80",
        "liveness.billing.prices, 2999-01-01=0.80 CNY",
        "liveness.encryption.keys, one:dG9vIHNob3J0",
        "liveness.encryption.keys, 'a key:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE='",
        "liveness.return-hop.base-url, live.example",
        "liveness.return-hop.base-url, https://live.example/?a=b",
        "liveness.face.allowed-hosts, http://img.example",
        "liveness.face.max-bytes, 0",
        "liveness.webhook.allowed-hosts, http://hooks.example",
        "liveness.webhook.allowed-hosts, 10.20.0.0/33",
        "quarkus.oidc.token.issuer, any",
        "quarkus.oidc.token.audience, 'liveness-gateway,any'",
        "quarkus.oidc.auth-server-url, http://id.example/realms/company",
        "quarkus.datasource.reactive.url, postgresql://db.example:5432/liveness",
        "quarkus.datasource.jdbc.url, jdbc:postgresql://db.example:5432/liveness?sslmode=prefer",
        "quarkus.flyway.username, owner",
        "quarkus.http.idle-timeout, 30s",
        "liveness.console.client-id, console",
        "liveness.console.cookie-secret, too-short",
        "liveness.statement.default-mapping.columns, 'taskNo,time'",
        "liveness.statement.default-mapping.time-zone, Asia/Nowhere",
        "liveness.statement.default-mapping.status-words, CHARGED",
        "liveness.issuer.refresh-keys-every, 9s",
    })
    void a_value_that_does_not_fit(String property, String value) {
        String said = RefusedStart.of(around, around.environment().with(property, value));

        assertThat(said).contains(property).doesNotContain("dG9vIHNob3J0", "MDEyMzQ1Njc4");
    }
}

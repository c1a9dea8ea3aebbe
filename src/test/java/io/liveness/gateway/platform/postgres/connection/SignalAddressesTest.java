package io.liveness.gateway.platform.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignalAddressesTest {

    private static final PgConnectOptions DATASOURCE = PgConnectOptions.fromUri("postgresql://pooler.example/books")
            .setUser("gateway")
            .setPassword("hidden");

    @Test
    void without_an_address_the_datasources_is_used() {
        assertThat(new PostgresConnections.SignalAddresses(Optional.empty()).over(List.of(DATASOURCE)))
                .containsExactly(DATASOURCE);
    }

    @Test
    void user_and_password_are_the_datasources() {
        PgConnectOptions signals = signals("postgresql://db.example:6000/books", SslMode.DISABLE);

        assertThat(signals.getHost()).isEqualTo("db.example");
        assertThat(signals.getPort()).isEqualTo(6000);
        assertThat(signals.getUser()).isEqualTo("gateway");
        assertThat(signals.getPassword()).isEqualTo("hidden");
    }

    @Test
    void an_address_that_asks_for_tls_gets_it_whatever_the_datasource_does() {
        assertThat(signals("postgresql://db.example/books?sslmode=verify-full", SslMode.DISABLE)
                        .getSslMode())
                .isEqualTo(SslMode.VERIFY_FULL);
        assertThat(signals("postgresql://db.example/books", SslMode.VERIFY_CA).getSslMode())
                .isEqualTo(SslMode.VERIFY_CA);
    }

    @Test
    void an_address_with_a_user_is_refused_and_not_shown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PostgresConnections.SignalAddresses(
                        Optional.of(List.of("postgresql://me:hidden@db.example/books"))))
                .withMessageStartingWith("liveness.signals.url")
                .withMessageNotContaining("hidden");
    }

    private static PgConnectOptions signals(String url, SslMode datasource) {
        return new PostgresConnections.SignalAddresses(Optional.of(List.of(url)))
                .over(List.of(new PgConnectOptions(DATASOURCE).setSslMode(datasource)))
                .get(0);
    }
}

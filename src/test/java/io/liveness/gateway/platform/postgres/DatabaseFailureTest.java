package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is answered 503 and tried again, by either driver. */
class DatabaseFailureTest {

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "08006, AWAY,          connection lost",
        "53100, AWAY,          disk full",
        "53300, AWAY,          too many connections",
        "55000, AWAY,          database takes no connections",
        "57P01, AWAY,          server stops",
        "57P03, AWAY,          server starts",
        "58030, AWAY,          input or output failed",
        "25P03, AWAY,          replica held up between two statements of a transaction",
        "0A000, AWAY,          unlogged table on a standby",
        "25006, ONLY_READS,    standby",
        "57014, HELD_UP,       limit of time",
        "55P03, HELD_UP,       lock_timeout of the role",
        "40P01, HELD_UP,       deadlock",
        "28P01, NO_ACCESS,     password refused",
        "28000, NO_ACCESS,     no entry in pg_hba.conf",
        "3D000, NO_ACCESS,     no such database",
        "3F000, NO_ACCESS,     no such schema",
        "42P01, NO_ACCESS,     table not seen",
        "42501, NO_ACCESS,     right that is lacking",
        "08004, NO_ACCESS,     server without TLS",
        "22021, REFUSED_VALUE, character that is none",
        "23514, REFUSED_VALUE, check of a table",
        "54000, HELD_UP,       too many notifications in the NOTIFY queue",
        "54011, REFUSED_VALUE, too many columns",
        "42601, FAULT,         syntax",
        "42703, FAULT,         no such column",
        "42883, FAULT,         no such operator",
        "P0001, FAULT,         raised by a trigger",
        "XX000, FAULT,         internal error",
    })
    void a_state_means_the_same_by_either_driver(String state, DatabaseFailure meaning) {
        assertThat(DatabaseFailure.of(new PgException("in a test", "ERROR", state, "")))
                .isEqualTo(meaning);
        assertThat(DatabaseFailure.of(new SQLException("in a test", state, new IOException("cut off"))))
                .isEqualTo(meaning);
    }

    static Stream<Arguments> failures_of_drivers() {
        return Stream.of(
                arguments(new ConnectException("Connection refused"), DatabaseFailure.AWAY),
                arguments(ClosedConnectionException.INSTANCE, DatabaseFailure.AWAY),
                arguments(new TimeoutException("late"), DatabaseFailure.AWAY),
                arguments(new VertxException("Timeout waiting for connection"), DatabaseFailure.AWAY),
                arguments(
                        new VertxException("Connection is not active now, current status: CLOSED"),
                        DatabaseFailure.AWAY),
                arguments(new SQLException("Sorry, acquisition timeout!"), DatabaseFailure.AWAY),
                arguments(
                        new SSLHandshakeException("unable to find valid certification path"),
                        DatabaseFailure.NO_ACCESS),
                arguments(new VertxException("SSL handshake failed"), DatabaseFailure.NO_ACCESS),
                arguments(
                        new SSLHandshakeException("Remote host terminated the handshake").initCause(new EOFException()),
                        DatabaseFailure.AWAY),
                arguments(
                        new SQLException("lost", "08006", new SSLException(new SocketException("Connection reset"))),
                        DatabaseFailure.AWAY),
                arguments(
                        new SQLException("PKIX", "08006", new IOException(new CertificateException("unknown CA"))),
                        DatabaseFailure.NO_ACCESS),
                arguments(new SQLException("The hostname could not be verified", "08006"), DatabaseFailure.NO_ACCESS),
                arguments(new IllegalStateException("of ours"), DatabaseFailure.FAULT),
                arguments(new IllegalStateException(new SQLException("", "40P01")), DatabaseFailure.HELD_UP));
    }

    @ParameterizedTest
    @MethodSource("failures_of_drivers")
    void a_failure_without_a_state_has_its_meaning_too(Throwable failure, DatabaseFailure meaning) {
        assertThat(DatabaseFailure.of(failure)).isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource({
        "AWAY, true, true",
        "ONLY_READS, true, true",
        "HELD_UP, true, true",
        "NO_ACCESS, true, false",
        "REFUSED_VALUE, false, false",
        "FAULT, false, false",
    })
    void a_start_waits_for_what_passes_and_callers_are_told_to_come_again_for_more(
            DatabaseFailure failure, boolean unavailable, boolean passes) {
        assertThat(failure.isUnavailable()).isEqualTo(unavailable);
        assertThat(failure.passes()).isEqualTo(passes);
    }
}

package io.liveness.gateway.finance.month;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.finance.month.MadeUpBooks.End;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes to a month during its closing. */
@QuarkusTest
class ClosingRaceTest {

    private static final Instant MARCH = Instant.parse("2001-02-28T16:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PeriodApi periods = new PeriodApi();

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    private MadeUpBooks books;

    @BeforeEach
    @AfterEach
    void remove_all_months() throws SQLException {
        books = new MadeUpBooks(stored);
        books.remove();
    }

    @Test
    void a_closing_waits_for_an_adjustment_under_way_and_has_it_in_its_proof() throws SQLException {
        UUID fee = books.fee(MARCH, End.PASSED);
        CompletableFuture<Response> closing;
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            adjust(other, fee);
            closing = CompletableFuture.supplyAsync(() -> periods.close("2001-03"));
            await().atMost(PATIENCE).until(this::aClosingWaits);
            other.commit();
        }

        Map<String, Object> closed =
                closing.join().then().statusCode(200).extract().path("");

        assertThat(closed).containsEntry("rows", 3);
        periods.verify(closed);
    }

    @Test
    void an_adjustment_that_waits_for_a_closing_does_not_change_the_closed_month() throws Exception {
        UUID fee = books.fee(MARCH, End.PASSED);
        books.many(3_000, MARCH);
        CompletableFuture<Response> closing;
        CompletableFuture<Void> adjusting;
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            adjust(other, fee);
            closing = CompletableFuture.supplyAsync(() -> periods.close("2001-03"));
            await().atMost(PATIENCE).until(this::aClosingWaits);
            // Behind the closing.
            adjusting = CompletableFuture.runAsync(() -> adjustLater(fee));
            await().atMost(PATIENCE).until(() -> waiting("ShareLock") > 0);
            other.commit();
        }

        Map<String, Object> closed =
                closing.join().then().statusCode(200).extract().path("");
        assertThatThrownBy(adjusting::join).hasMessageContaining("falls into a month that is closed");
        assertThat(closed).containsEntry("rows", 2 * 3_001 + 1);
        periods.verify(closed);
    }

    @Test
    void no_session_is_imported_into_a_month_that_is_closed_or_being_closed() throws SQLException {
        Instant openedAt = Instant.now().minus(Duration.ofMinutes(90));
        try (Connection closing = database.getConnection();
                Statement lock = closing.createStatement()) {
            closing.setAutoCommit(false);
            lock.execute("select pg_advisory_xact_lock(1818850414, 1885697636)");
            imported(openedAt).then().statusCode(503).header("Retry-After", "5");
            lock.execute("""
                    insert into period (month, from_at, to_at, closed_at, closed_by, proof_rows, proof_sha256, sums)
                    values ('2001-03', now() - interval '1 day', now() - interval '1 hour', now(), 'admin', 0, repeat('0', 64), '[]')""");
            closing.commit();
        }

        imported(openedAt).then().statusCode(409).body("code", equalTo("period-closed"));
        imported(openedAt.plus(Duration.ofHours(1))).then().statusCode(201);
    }

    private static Response imported(Instant openedAt) {
        return Api.as("shop-" + UUID.randomUUID(), "importer").importSession("key", Api.openedElsewhere(openedAt));
    }

    @Test
    void a_close_that_another_request_with_its_key_makes_meanwhile_is_replayed() throws SQLException {
        books.fee(MARCH, End.PASSED);
        CompletableFuture<Response> late;
        try (Connection other = database.getConnection();
                Statement first = other.createStatement()) {
            other.setAutoCommit(false);
            first.execute("lock table period");
            late = CompletableFuture.supplyAsync(() -> periods.post("2001-03", "close", "same"));
            await().atMost(PATIENCE)
                    .until(() -> stored.count(
                                    "select count(*) from pg_locks where relation = 'period'::regclass and not granted")
                            == 1);
            first.execute("insert into finance_request (caller, idempotency_key, subject, act, at) values ('"
                    + periods.admin.caller() + "', 'same', '" + periods.use("2001-03") + "', 'CLOSE', now())");
            first.execute("""
                    insert into period (month, from_at, to_at, closed_at, closed_by, proof_rows, proof_sha256, sums)
                    values ('2001-03', '2001-02-28T16:00:00Z', '2001-03-31T16:00:00Z', now(), 'admin', 2, repeat('0', 64), '[]')""");
            other.commit();
        }

        late.join().then().statusCode(200).header("Idempotency-Replayed", "true");
    }

    @Test
    void a_close_that_waits_for_too_long_is_refused_and_may_be_sent_again_with_its_key() throws SQLException {
        books.fee(MARCH, End.PASSED);

        whileABillIsMatched(() -> periods.post("2001-03", "close", "same")
                .then()
                .statusCode(409)
                .body("code", equalTo("period-not-closable"))
                .body("reasons.code", equalTo(List.of("statements-under-way")))
                .body("detail", containsString("This request has changed nothing"))
                .body("reasons[0].detail", containsString("is closing a month, perhaps this one")));

        periods.post("2001-03", "close", "same").then().statusCode(200).header("Idempotency-Replayed", nullValue());
    }

    private void whileABillIsMatched(Runnable requests) throws SQLException {
        try (Connection matching = database.getConnection();
                Statement statement = matching.createStatement()) {
            matching.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(1818850414, 1835103331)");
            assertThat(CompletableFuture.runAsync(requests)).succeedsWithin(PATIENCE);
            matching.rollback();
        }
    }

    @Test
    void of_closings_at_once_one_closes_and_all_tell_the_same() throws SQLException {
        books.many(3_000, MARCH);
        List<CompletableFuture<Response>> same = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> periods.post("2001-03", "close", "same")))
                .limit(3)
                .toList();
        List<CompletableFuture<Response>> others = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> periods.close("2001-03")))
                .limit(3)
                .toList();

        List<Response> answers = Stream.concat(same.stream(), others.stream())
                .map(CompletableFuture::join)
                .toList();

        Map<String, Object> closed =
                periods.get("2001-03").statusCode(200).extract().path("");
        periods.verify(closed);
        assertThat(answers).allSatisfy(answer -> {
            if (answer.statusCode() == 200) {
                assertThat(answer.<Map<String, Object>>path("")).isEqualTo(closed);
            } else {
                assertThat(answer.<String>path("code")).isEqualTo("period-closed");
            }
        });
        assertThat(answers.stream()
                        .filter(answer -> answer.statusCode() == 200)
                        .filter(answer -> answer.header("Idempotency-Replayed") == null))
                .hasSize(1);
        assertThat(stored.count(
                        "select count(*) from audit_entry where what = 'period-closed' and who = ?",
                        periods.admin.caller()))
                .isEqualTo(1);
    }

    private boolean aClosingWaits() {
        return waiting("ExclusiveLock") > 0;
    }

    private long waiting(String mode) {
        return stored.count(
                "select count(*) from pg_locks where locktype = 'advisory' and mode = ? and not granted", mode);
    }

    private void adjustLater(UUID fee) {
        try {
            books.adjustment(fee, -800_000, "CNY", MARCH.plusSeconds(2));
        } catch (SQLException refused) {
            throw new IllegalStateException(refused.getMessage());
        }
    }

    private static void adjust(Connection other, UUID fee) throws SQLException {
        try (PreparedStatement insert = other.prepareStatement(
                "insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at) values (?, 'ADJUSTMENT', 'VENDOR', -800000, 'CNY', ?)")) {
            insert.setObject(1, fee);
            insert.setObject(2, MadeUpBooks.time(MARCH.plusSeconds(1)));
            insert.executeUpdate();
        }
    }
}

package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.postgres.StatementTap;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Opens whose statements wait for a lock in the database: all after the first two share a statement. */
@QuarkusTest
class OpenTogetherTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FULL_STATEMENT = 64;
    // Two with one row each, and one with all others. Two when a statement of the test before still counts as under
    // way.
    private static final int STATEMENTS = 3;

    private final Api api = Api.asNewCaller();

    @Inject
    StoreIntent intent;

    @Inject
    RecordInitOutcome conclude;

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    @Test
    void intents_that_come_together_share_a_statement_and_each_is_stored_as_it_was_asked_for() throws SQLException {
        List<Opening> openings = openings(12);

        List<String> sent = StatementTap.during(
                () -> assertThat(join(held(() -> store(openings)))).containsOnly(true));

        assertThat(sent).hasSizeBetween(2, STATEMENTS);
        assertThat(openings).allSatisfy(opening -> {
            assertThat(column("idempotency_key", opening)).isEqualTo(opening.idempotencyKey());
            assertThat(column("title", opening)).isEqualTo(opening.request().title());
            assertThat(column("metadata ->> 'order'", opening)).isEqualTo(opening.idempotencyKey());
            assertThat(api.eventTypes(opening.id().toString())).containsExactly("OPENING");
            assertThat(stored.strings("select id::text from session_event where session_id = ?", opening.id()))
                    .containsExactly(opening.event().toString());
            assertThat(stored.count(
                            "select count(*) from session_schedule where session_id = ? and status = 'OPENING'"
                                    + " and next_poll_at = init_at + interval '1 minute'",
                            opening.id()))
                    .isEqualTo(1);
        });
    }

    @Test
    void two_statements_with_the_same_keys_in_other_orders_store_each_key_once() {
        List<Opening> openings = openings(FULL_STATEMENT);
        List<Opening> same = new ArrayList<>(openings.stream()
                .map(opening -> opening(opening.idempotencyKey()))
                .toList());
        Collections.reverse(same);
        String oneInBetween =
                "insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status,"
                        + " return_url, action_style, actions, action_mutex, anti_camera_hack, attempt, init_at, created_at, updated_at)"
                        + " values (gen_random_uuid(), '" + api.caller() + "', 'key-" + FULL_STATEMENT / 2
                        + "', '', 'OPENING', 'NONE',"
                        + " 'wx.history', 'SILENT', '', true, true, 1, now(), now(), now())";

        List<Boolean> answers = join(heldAt(
                oneInBetween,
                () -> Stream.concat(store(openings).stream(), store(same).stream())
                        .toList()));

        Collections.reverse(same);
        IntStream.range(0, FULL_STATEMENT)
                .forEach(n -> assertThat(answers.get(n) ^ answers.get(2 * FULL_STATEMENT - 1 - n))
                        .as("one of two with the key " + n)
                        .isTrue());
        assertThat(stored.count("select count(*) from liveness_session where caller = ?", api.caller()))
                .isEqualTo(FULL_STATEMENT);
    }

    @Test
    void of_callers_that_share_a_statement_each_keeps_within_its_own_budget() throws SQLException {
        Api tight = Api.asNewCaller();
        Api other = Api.asNewCaller();
        // Set elsewhere: this replica does not know that they are counted.
        stored.execute("insert into caller_budget values (?, 1600000, 'CNY', true, 'finance', now())", tight.caller());
        stored.execute("insert into caller_budget values (?, 2400000, 'CNY', true, 'finance', now())", other.caller());
        List<Opening> openings = IntStream.range(0, 12)
                .mapToObj(n -> opening(List.of(tight, other, api).get(n % 3).caller(), "key-" + n))
                .toList();

        List<StoreIntent.Stored> stored =
                join(held(() -> futures(openings.stream().map(intent::store))));

        assertThat(became(stored, 0)).hasSize(2);
        assertThat(became(stored, 1)).hasSize(3);
        assertThat(became(stored, 2)).hasSize(4);
        assertThat(stored)
                .filteredOn(one -> one != StoreIntent.Stored.STORED)
                .containsOnly(StoreIntent.Stored.OVER_BUDGET);
        this.stored.execute("delete from caller_budget where caller in (?, ?)", tight.caller(), other.caller());
    }

    private static List<StoreIntent.Stored> became(List<StoreIntent.Stored> all, int caller) {
        return IntStream.range(0, all.size())
                .filter(n -> n % 3 == caller)
                .mapToObj(all::get)
                .filter(StoreIntent.Stored.STORED::equals)
                .toList();
    }

    @Test
    void an_intent_that_the_database_refuses_fails_alone() throws SQLException {
        List<Opening> openings = openings(8);
        stored.execute(
                "alter table liveness_session add constraint poison check (title <> 'title of key-05') not valid");
        List<CompletableFuture<Boolean>> answers;
        try {
            answers = held(() -> store(openings));
            assertThatThrownBy(answers.get(5)::join).hasCauseInstanceOf(PgException.class);
        } finally {
            stored.execute("alter table liveness_session drop constraint poison");
        }

        answers.remove(5);
        assertThat(join(answers)).hasSize(7).containsOnly(true);
        assertThat(stored.count("select count(*) from liveness_session where caller = ?", api.caller()))
                .isEqualTo(7);
    }

    @Test
    void outcomes_that_come_together_share_a_statement_and_each_open_has_its_own_session() {
        List<Opening> openings = stored(openings(12));

        List<String> sent = StatementTap.during(() -> {
            List<RecordInitOutcome.Recorded> recorded = join(held(() -> conclude(openings, conclusions(openings))));
            assertThat(recorded)
                    .extracting(one -> one.session().orElseThrow().id())
                    .isEqualTo(ids(openings));
            assertThat(recorded)
                    .extracting(one -> one.session().orElseThrow().fee().taskNo())
                    .isEqualTo(openings.stream().map(Opening::idempotencyKey).toList());
        });

        assertThat(sent).hasSizeBetween(2, STATEMENTS);
        assertThat(openings).allSatisfy(opening -> {
            assertThat(stored.ledger(opening.id().toString())).containsExactly("PRE_DEDUCT/VENDOR");
            assertThat(api.eventTypes(opening.id().toString())).containsExactly("OPENING", "OPENED");
            assertThat(stored.count(
                            "select count(*) from session_schedule l join liveness_session s on s.id = l.session_id"
                                    + " where s.id = ? and l.status = 'PENDING' and l.token_sealed = s.token_sealed"
                                    + " and l.token_expires_at = s.token_expires_at",
                            opening.id()))
                    .isEqualTo(1);
        });
    }

    @Test
    void of_two_outcomes_of_one_opening_in_one_statement_one_is_recorded_and_the_other_is_too_late() {
        List<Opening> openings = stored(openings(3));
        List<Opening> twice =
                Stream.concat(openings.stream(), openings.stream().skip(2)).toList();

        List<RecordInitOutcome.Recorded> recorded = join(held(() -> conclude(twice, conclusions(twice))));

        assertThat(recorded.subList(0, 2))
                .extracting(RecordInitOutcome.Recorded::done)
                .containsOnly(true);
        assertThat(recorded.subList(2, 4))
                .extracting(RecordInitOutcome.Recorded::done)
                .containsExactlyInAnyOrder(true, false);
        String id = openings.get(2).id().toString();
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR");
        assertThat(api.eventTypes(id)).containsExactly("OPENING", "OPENED", "CONTRADICTED");
    }

    @Test
    void two_statements_with_the_same_outcomes_in_other_orders_record_each_once() {
        List<Opening> openings = stored(openings(FULL_STATEMENT));
        List<RecordInitOutcome.SentInit> conclusions = conclusions(openings);
        List<Opening> reversed = new ArrayList<>(openings);
        Collections.reverse(reversed);
        List<RecordInitOutcome.SentInit> again = new ArrayList<>(conclusions);
        Collections.reverse(again);
        String oneInBetween =
                "select from liveness_session where id = '" + ids(openings).get(FULL_STATEMENT / 2) + "' for update";

        List<RecordInitOutcome.Recorded> recorded = join(heldAt(
                oneInBetween,
                () -> Stream.concat(conclude(openings, conclusions).stream(), conclude(reversed, again).stream())
                        .toList()));

        assertThat(recorded).extracting(RecordInitOutcome.Recorded::done).containsOnly(true);
        assertThat(stored.count(
                        "select count(*) from ledger_entry l join liveness_session s on s.id = l.session_id where s.caller = ?",
                        api.caller()))
                .isEqualTo(FULL_STATEMENT);
    }

    /** Begins work while the database does none of it. */
    private <T> List<CompletableFuture<T>> held(Supplier<List<CompletableFuture<T>>> work) {
        return held(Optional.empty(), work);
    }

    /**
     * Begins work while the database does none of it, and then lets it go on as far as a row.
     *
     * @param row a statement that locks the row
     */
    private <T> List<CompletableFuture<T>> heldAt(String row, Supplier<List<CompletableFuture<T>>> work) {
        return held(Optional.of(row), work);
    }

    private <T> List<CompletableFuture<T>> held(Optional<String> row, Supplier<List<CompletableFuture<T>>> work) {
        try (Connection holder = database.getConnection();
                Statement holding = holder.createStatement()) {
            holder.setAutoCommit(false);
            if (row.isPresent()) {
                holding.execute(row.get());
            }
            holding.execute("savepoint before_the_table");
            holding.execute("lock table liveness_session in share mode");
            List<CompletableFuture<T>> begun = new ArrayList<>(work.get());
            awaitWaiting();
            holding.execute("rollback to before_the_table");
            if (row.isPresent()) {
                awaitWaiting();
            }
            holder.rollback();
            return begun;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitWaiting() {
        Patience.await("two statements that wait", PATIENCE)
                .until(() -> stored.count("select count(distinct pid) from pg_locks where not granted") >= 2);
    }

    private List<CompletableFuture<Boolean>> store(List<Opening> openings) {
        return futures(openings.stream().map(opening -> intent.store(opening).map(StoreIntent.Stored.STORED::equals)));
    }

    private List<Opening> stored(List<Opening> openings) {
        assertThat(join(store(openings))).containsOnly(true);
        return openings;
    }

    private List<CompletableFuture<RecordInitOutcome.Recorded>> conclude(
            List<Opening> openings, List<RecordInitOutcome.SentInit> conclusions) {
        return futures(IntStream.range(0, openings.size())
                .mapToObj(n -> conclude.recordOnce(
                        conclusions.get(n), accepted(openings.get(n).idempotencyKey()))));
    }

    private List<RecordInitOutcome.SentInit> conclusions(List<Opening> openings) {
        return openings.stream()
                .map(opening -> new RecordInitOutcome.SentInit(opening.id(), 1, opening.startedAt(), UUID.randomUUID()))
                .toList();
    }

    private static OpenOutcome accepted(String taskNo) {
        return new OpenOutcome.Accepted(
                new Confidential("token of " + taskNo),
                new Confidential("https://x.example"),
                BillingFlag.BILLED,
                Optional.of(taskNo));
    }

    private static <T> List<CompletableFuture<T>> futures(Stream<Uni<T>> work) {
        return work.map(one -> one.subscribeAsCompletionStage()).toList();
    }

    private static <T> List<T> join(List<CompletableFuture<T>> work) {
        return work.stream().map(CompletableFuture::join).toList();
    }

    private static List<UUID> ids(List<Opening> openings) {
        return openings.stream().map(Opening::id).toList();
    }

    private String column(String column, Opening opening) {
        return stored.strings("select " + column + " from liveness_session where id = ?", opening.id())
                .get(0);
    }

    /** The openings are in the order of their keys and ids. */
    private List<Opening> openings(int many) {
        return IntStream.range(0, many)
                .mapToObj(n -> opening("key-%02d".formatted(n)))
                .toList();
    }

    private Opening opening(String key) {
        return opening(api.caller(), key);
    }

    private Opening opening(String caller, String key) {
        OpenSessionRequest request = new OpenSessionRequest(
                        "wx.history", null, null, null, null, "title of " + key, null, Map.of("order", key), null)
                .withDefaults();
        Instant now = clock.instant();
        return new Opening(
                SqlValues.newId(now),
                new Caller(caller),
                key,
                request,
                request.hash(),
                1,
                now,
                // The opening counts as orphaned five seconds after its lease.
                now.plusSeconds(55),
                UUID.randomUUID());
    }
}

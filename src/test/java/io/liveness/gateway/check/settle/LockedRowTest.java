package io.liveness.gateway.check.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.open.OpenSessionRequest;
import io.liveness.gateway.check.open.Opening;
import io.liveness.gateway.check.open.RecordInitOutcome;
import io.liveness.gateway.check.open.StoreIntent;
import io.liveness.gateway.check.schedule.LeaseSessions;
import io.liveness.gateway.check.schedule.LeasedSession;
import io.liveness.gateway.check.settle.RecordAnswers.PolledSession;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.SettableClock;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.liveness.gateway.vendor.VendorBudget.Purpose;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person in psql holds the row of one session: what is known of the others is recorded meanwhile. */
@QuarkusTest
class LockedRowTest {

    private static final int TOGETHER = 60;
    /** Three statements meet the lock, each for five seconds: the batch, an eighth of it, the row alone. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Api api = Api.asNewCaller();

    @Inject
    LeaseSessions leases;

    @Inject
    RecordAnswers record;

    @Inject
    WriteOffSessions writeOffs;

    @Inject
    StoreIntent intents;

    @Inject
    RecordInitOutcome outcomes;

    @Inject
    SettableClock clock;

    @Inject
    Stored stored;

    @BeforeEach
    void a_full_budget() throws SQLException {
        stored.fillBudget();
    }

    /** Other tests poll with the same budget. */
    @AfterEach
    void nothing_is_left_to_poll() throws SQLException {
        stored.execute("delete from session_schedule where caller = ?", api.caller());
    }

    @Test
    void what_is_known_of_the_others_is_recorded_while_one_row_is_locked_and_of_that_one_afterwards()
            throws SQLException {
        List<PolledSession> polled =
                Stream.generate(this::passed).limit(TOGETHER).toList();
        List<Opening> openings = Stream.generate(this::opening).limit(TOGETHER).toList();
        UUID settled = polled.get(7).session().id();
        UUID opened = openings.get(7).id();

        AtomicInteger placesFreed = new AtomicInteger();
        CompletableFuture<?> verdicts;
        List<CompletableFuture<?>> inits;
        try (Connection psql = stored.connection()) {
            psql.setAutoCommit(false);
            lock(psql, settled);
            lock(psql, opened);
            verdicts =
                    record.answers(polled, Purpose.POLL, placesFreed::addAndGet).subscribeAsCompletionStage();
            inits = openings.stream()
                    .<CompletableFuture<?>>map(
                            opening -> outcomes.record(PATIENCE, opening.id(), 1, clock.instant(), accepted())
                                    .subscribeAsCompletionStage())
                    .toList();

            Patience.await("the others' verdicts", PATIENCE).until(() -> count("PASSED") == TOGETHER - 1);
            Patience.await("the others' openings", PATIENCE).until(() -> count("PENDING") == TOGETHER);
            assertThat(status(settled)).isEqualTo("PENDING");
            assertThat(status(opened)).isEqualTo("OPENING");
            assertThat(verdicts).isNotDone();
            assertThat(placesFreed).as("polls of others go on").hasValue(TOGETHER - 1);
            psql.rollback();
        }

        assertThat(verdicts).succeedsWithin(PATIENCE);
        assertThat(placesFreed).hasValue(TOGETHER);
        assertThat(inits).allSatisfy(init -> assertThat(init).succeedsWithin(PATIENCE));
        assertThat(status(settled)).isEqualTo("PASSED");
        assertThat(status(opened)).isEqualTo("PENDING");
        assertThat(stored.ledger(settled.toString())).containsExactly("PRE_DEDUCT/VENDOR", "CHARGE/RULE");
        assertThat(stored.ledger(opened.toString())).containsExactly("PRE_DEDUCT/VENDOR");
    }

    @Test
    void a_write_off_gives_an_opening_up_that_stays_locked_and_is_leased_again() throws SQLException {
        Opening orphan = opening();
        LeasedSession due = new LeasedSession(
                orphan.id(), SessionStatus.OPENING, 1, 1, orphan.startedAt(), Optional.empty(), Optional.empty());
        try (Connection psql = stored.connection()) {
            psql.setAutoCommit(false);
            lock(psql, orphan.id());

            await(writeOffs.writeOff(List.of(due)));

            psql.rollback();
        }
        assertThat(status(orphan.id())).isEqualTo("OPENING");
        await(writeOffs.writeOff(List.of(due)));
        assertThat(status(orphan.id())).isEqualTo("UNKNOWN");
    }

    private static void lock(Connection psql, UUID session) throws SQLException {
        try (PreparedStatement statement =
                psql.prepareStatement("select from liveness_session where id = ? for update")) {
            statement.setObject(1, session);
            statement.execute();
        }
    }

    private PolledSession passed() {
        UUID id = UUID.fromString(api.opened("abandon"));
        return new PolledSession(
                await(leases.one(id, OptionalInt.empty())).orElseThrow(),
                new VerdictOutcome.Final(
                        Verdict.PASSED, "said", BillingFlag.ABSENT, Optional.empty(), Optional.of("1")),
                Instant.now());
    }

    private Opening opening() {
        OpenSessionRequest request =
                new OpenSessionRequest("wx.history", null, null, null, null, null, null, null, null).withDefaults();
        Opening opening = new Opening(
                UUID.randomUUID(),
                new Caller(api.caller()),
                UUID.randomUUID().toString(),
                request,
                request.hash(),
                1,
                clock.instant(),
                clock.instant().plusSeconds(60),
                UUID.randomUUID());
        await(intents.store(opening));
        return opening;
    }

    private static OpenOutcome accepted() {
        return new OpenOutcome.Accepted(
                new Confidential(UUID.randomUUID().toString()),
                new Confidential("https://x.example"),
                BillingFlag.BILLED,
                Optional.of("1"));
    }

    private static <T> T await(Uni<T> answer) {
        return answer.await().atMost(PATIENCE);
    }

    private long count(String status) {
        return stored.count(
                "select count(*) from liveness_session where caller = ? and status = ?", api.caller(), status);
    }

    private String status(UUID session) {
        return stored.strings("select status from liveness_session where id = ?", session)
                .get(0);
    }
}

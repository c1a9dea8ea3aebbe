package io.liveness.gateway.check.open;

import io.liveness.gateway.books.Ledger;
import io.liveness.gateway.books.LedgerBasis;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.Prices;
import io.liveness.gateway.check.ChargeStatus;
import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SessionConfig;
import io.liveness.gateway.check.SessionMetrics;
import io.liveness.gateway.check.SessionRow;
import io.liveness.gateway.check.SettledSignals;
import io.liveness.gateway.check.open.StoreIntent.Stored;
import io.liveness.gateway.check.schedule.Timetable;
import io.liveness.gateway.notify.Outbox;
import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The last step of opening: records the outcome of init and the pre-deduction in one statement. Accepted outcomes that arrive together
 * share it. The statement changes a session only while this attempt is open.
 */
@Singleton
public class RecordInitOutcome {

    private static final Logger LOG = Logger.getLogger(RecordInitOutcome.class);

    /**
     * The result of recording an outcome of init.
     *
     * @param done recorded by this try or an earlier one
     * @param session as it is now, when this try opened it
     */
    public record Recorded(boolean done, Optional<SessionRow> session) {

        static Recorded of(boolean done) {
            return new Recorded(done, Optional.empty());
        }
    }

    /** @param event id of the event that tells of it, the same for every try to record it */
    public record SentInit(UUID session, int attempt, Instant initAt, UUID event) {}

    /** @param fee of an init that took one */
    private record AcceptedRow(
            SentInit init,
            ChargeStatus charge,
            Instant expiresAt,
            byte[] tokenSealed,
            byte[] tokenHash,
            byte[] checkUrlSealed,
            Optional<String> taskNo,
            Money fee,
            Instant nextPollAt,
            Instant finalPollsFrom,
            LedgerBasis basis) {}

    private static final Records<AcceptedRow> ACCEPTED_ROW = new Records<AcceptedRow>()
            .with("session_id", "uuid", row -> row.init().session())
            .with("attempt", "int", row -> row.init().attempt())
            .with("charge", "text", AcceptedRow::charge)
            .with("sent_at", "timestamptz", row -> row.init().initAt())
            .with("expires_at", "timestamptz", AcceptedRow::expiresAt)
            .with("token", "bytea", AcceptedRow::tokenSealed)
            .with("hash", "bytea", AcceptedRow::tokenHash)
            .with("check_url", "bytea", AcceptedRow::checkUrlSealed)
            .with("vendor_no", "text", AcceptedRow::taskNo)
            .with("fee", "int8", row -> row.fee().units())
            .with("currency", "text", row -> row.fee().currency())
            .with("next_poll_at", "timestamptz", AcceptedRow::nextPollAt)
            .with("final_polls_from", "timestamptz", AcceptedRow::finalPollsFrom)
            .with("event_id", "uuid", row -> row.init().event())
            .with("basis", "text", AcceptedRow::basis);

    /**
     * Many at once, in the order of their ids, so that two of these with the same sessions wait for each other in one direction: $1 what
     * follows from the outcomes of init, $2 now. Takes no fee whose task number was imported: an import has booked it. Returns the sessions
     * as they are now, and the event of each.
     */
    private static final String ACCEPTED = """
            with accepted as (
                -- fee_booked_as answers the basis of the number's fee, null while none is booked, and locks the number to the end of
                -- the transaction, so that no import books it meanwhile.
                select *, charge = 'PRE_DEDUCTED' and fee_booked_as(vendor_no) is distinct from 'IMPORTED' as taken
                from
            """ + ACCEPTED_ROW.from("$1", "a") + """

                order by session_id
            ), opened as (
                update liveness_session s
                set status = 'PENDING', charge_status = case when a.taken then a.charge else 'NONE' end, init_at = a.sent_at,
                    token_expires_at = a.expires_at, token_sealed = a.token, token_hash = a.hash, check_url_sealed = a.check_url,
                    task_no = a.vendor_no, fee_amount = case when a.taken then a.fee end,
                    fee_currency = case when a.taken then a.currency end, updated_at = $2
                from accepted a
                -- The array has the sessions found by their keys: where few are stored the join alone might read all of them.
                where s.id = any (array(select session_id from accepted)) and s.id = a.session_id and s.attempt = a.attempt
                  and s.status = 'OPENING'
                returning s.*, a.next_poll_at, a.final_polls_from, a.event_id, a.basis
            ), scheduled as (
                update session_schedule l
                set status = 'PENDING', init_at = o.init_at, token_expires_at = o.token_expires_at,
                    token_sealed = o.token_sealed, final_polls_from = o.final_polls_from, next_poll_at = o.next_poll_at, opener = null
                from opened o
                where l.session_id = o.id
            ), token as (
                insert into session_token (token_hash, session_id) select token_hash, id from opened
            ), movement as (
                select id as session_id, 'PRE_DEDUCT' as kind, task_no, basis, fee_amount as amount,
                       fee_currency as currency, updated_at as recorded_at, caller, cost_centre, init_at
                from opened where charge_status = 'PRE_DEDUCTED'
            ), entry as (
            """
            + Ledger.preDeductionsFrom("movement") + """
            ), event as (
                insert into session_event (id, session_id, type, at, detail)
                select event_id, id, 'OPENED', updated_at,
                    jsonb_strip_nulls(jsonb_build_object('taskNo', task_no, 'charge', charge_status))
                from opened
            )
            select
            """ + SessionRow.COLUMNS + ", event_id from opened";

    private record RefusedRow(SentInit init, OpenOutcome.Refused refused) {}

    private static final Records<RefusedRow> REFUSED_ROW = new Records<RefusedRow>()
            .with("session_id", "uuid", row -> row.init().session())
            .with("attempt", "int", row -> row.init().attempt())
            .with("code", "int", row -> row.refused().code())
            .with("passing", "bool", row -> row.refused().retryable())
            .with("vendor_no", "text", row -> row.refused().taskNo())
            .with("event_id", "uuid", row -> row.init().event())
            .with("detail", "jsonb", row -> detail(row.refused()));

    /** $1 the refusal, whose attempt must still be open, $2 now. */
    private static final String REFUSED =
            """
            with refused as (
                update liveness_session s
                set status = 'REJECTED', refusal_code = r.code, refusal_passing = r.passing, task_no = r.vendor_no, updated_at = $2
                from
            """ + REFUSED_ROW.fromOne("$1", "r") + """

                where s.id = r.session_id and s.attempt = r.attempt and s.status = 'OPENING'
                returning s.id, s.caller, s.updated_at, r.event_id, r.detail
            ), unscheduled as (
                delete from session_schedule where session_id = (select id from refused)
            ), ended as (
                insert into session_end (caller, status, session_id, unhashed_since)
                select caller, 'REJECTED', id, updated_at from refused
            )
            insert into session_event (id, session_id, type, at, detail)
            select event_id, id, 'REJECTED', updated_at, detail from refused
            returning
            """ + SettledSignals.sqlToNotify("session_id");

    private record UnknownRow(SentInit init, OpenOutcome.Unknown unknown, Money fee, Instant writtenOffAt) {}

    private static final Records<UnknownRow> UNKNOWN_ROW = new Records<UnknownRow>()
            .with("session_id", "uuid", row -> row.init().session())
            .with("attempt", "int", row -> row.init().attempt())
            .with("sent_at", "timestamptz", row -> row.init().initAt())
            .with("vendor_no", "text", row -> row.unknown().taskNo())
            .with("fee", "int8", row -> row.fee().units())
            .with("currency", "text", row -> row.fee().currency())
            .with("written_off_at", "timestamptz", UnknownRow::writtenOffAt)
            .with("event_id", "uuid", row -> row.init().event())
            .with("detail", "jsonb", row -> detail(row.unknown()));

    /**
     * $1 what is lost, whose attempt must still be open, $2 now. A number whose fee was imported stands in the event alone: its fee is
     * booked, and the next write-off returns the one that is presumed here.
     */
    private static final String UNKNOWN = """
            with lost as (
                update liveness_session s
                set status = 'UNKNOWN', charge_status = 'UNCONFIRMED', fee_amount = u.fee, fee_currency = u.currency, init_at = u.sent_at,
                    updated_at = $2,
                    -- Answers the basis of the number's fee or null, and locks the number to the end of the transaction.
                    task_no = case when fee_booked_as(u.vendor_no) is distinct from 'IMPORTED' then u.vendor_no end
                from
            """ + UNKNOWN_ROW.fromOne("$1", "u") + """

                where s.id = u.session_id and s.attempt = u.attempt and s.status = 'OPENING'
                returning s.*, u.event_id, u.detail,
                    case when u.vendor_no is null or s.task_no is not null then u.written_off_at else $2 end as written_off_at
            ), scheduled as (
                update session_schedule l
                set status = 'UNKNOWN', init_at = o.init_at, leased_until = null, next_poll_at = o.written_off_at, opener = null
                from lost o
                where l.session_id = o.id
            ), movement as (
                select id as session_id, 'PRE_DEDUCT' as kind, task_no, 'PRESUMED' as basis, fee_amount as amount,
                       fee_currency as currency, updated_at as recorded_at, caller, cost_centre, init_at
                from lost
            ), entry as (
            """
            + Ledger.preDeductionsFrom("movement") + """
            ), event as (
                insert into session_event (id, session_id, type, at, detail, caller)
                select event_id, id, 'OUTCOME_UNKNOWN', updated_at, detail, caller from lost
                returning *
            ), told as (
                select id as event_id, seq, caller, session_id, 'liveness.session.unknown' as kind, at,
                       jsonb_build_object('status', 'UNKNOWN', 'charge', 'UNCONFIRMED') as data
                from event
            ), delivery as (
            """
            + Outbox.deliveriesFrom("told")
            + """
            )
            select
            """ + SettledSignals.sqlToNotify("session_id") + ", " + SettledSignals.sqlToNotifyCaller("caller")
            + " from event";

    /** $1 the session, $2 the event. */
    private static final String WAS_RECORDED =
            "select 1 from session_event where session_id = $1 and id = $2 and type <> 'CONTRADICTED'";

    /** $1 the session, $2 the event, $3 now, $4 its detail. */
    private static final String CONTRADICTED = """
            insert into session_event (id, session_id, type, at, detail) values ($2, $1, 'CONTRADICTED', $3, $4)
            on conflict (session_id, id) do nothing
            """;

    /**
     * $1 the session, $2 the attempt, $3 now. The presumed fee of an init that took none is returned by the next write-off. The row is found by
     * its key: a condition on the status would have the index of all that is to be written off read.
     */
    private static final String NO_FEE = """
            update session_schedule set next_poll_at = case when status = 'UNKNOWN' then $3 else next_poll_at end
            where session_id = $1 and attempt = $2
            """;

    private final Database database;
    private final Clock clock;
    private final Prices prices;
    private final Sealing sealing;
    private final Timetable timetable;
    private final LivenessVendor vendor;
    private final SessionConfig config;
    private final SessionMetrics metrics;
    private final Outbox outbox;
    private final StoreIntent intents;
    private final Batcher<AcceptedRow, Recorded> batcher;

    RecordInitOutcome(
            Database database,
            Clock clock,
            Prices prices,
            Sealing sealing,
            Timetable timetable,
            LivenessVendor vendor,
            SessionConfig config,
            SessionMetrics metrics,
            Outbox outbox,
            StoreIntent intents) {
        this.intents = intents;
        this.database = database;
        this.clock = clock;
        this.prices = prices;
        this.sealing = sealing;
        this.timetable = timetable;
        this.vendor = vendor;
        this.config = config;
        this.metrics = metrics;
        this.outbox = outbox;
        // The batcher tries each row for as long as record() does, which repeats the steps after it: was it recorded
        // before, is its intent lost.
        this.batcher = new Batcher<>(vendor.tokenLifetime(), this::allAccepted);
    }

    /**
     * Records the outcome of an init that this process has sent. Where the database has lost the intent since, by a fail-over or a restore,
     * it is stored again before.
     *
     * @param initAt when init was sent
     * @return not done when the attempt was given up meanwhile, or its key has led to another session; the outcome is then kept as an event
     */
    Uni<Recorded> record(Opening opening, Instant initAt, OpenOutcome outcome) {
        // This process alone has the token, so it retries until the token ends.
        return record(vendor.tokenLifetime(), opening.id(), opening.attempt(), initAt, outcome, Optional.of(opening));
    }

    /**
     * Records the outcome of an init whose opening no process holds.
     *
     * @param atMost how long it is tried
     */
    public Uni<Recorded> record(Duration atMost, UUID session, int attempt, Instant initAt, OpenOutcome outcome) {
        return record(atMost, session, attempt, initAt, outcome, Optional.empty());
    }

    private Uni<Recorded> record(
            Duration atMost,
            UUID session,
            int attempt,
            Instant initAt,
            OpenOutcome outcome,
            Optional<Opening> opening) {
        // One id for every try, by which a try sees that an earlier one was recorded and only its answer lost.
        SentInit init = new SentInit(session, attempt, initAt, SqlValues.newId(clock.instant()));
        return KeepTrying.until(atMost, Uni.createFrom().deferred(() -> recordOnce(init, outcome, opening)));
    }

    /** One try of {@link #record}. */
    public Uni<Recorded> recordOnce(SentInit init, OpenOutcome outcome) {
        return recordOnce(init, outcome, Optional.empty());
    }

    private Uni<Recorded> recordOnce(SentInit init, OpenOutcome outcome, Optional<Opening> opening) {
        Uni<Recorded> recorded;
        if (outcome instanceof OpenOutcome.Accepted opened) {
            recorded = accepted(init, opened);
        } else if (outcome instanceof OpenOutcome.Refused refused) {
            recorded = refused(init, refused);
        } else {
            recorded = unknown(init, (OpenOutcome.Unknown) outcome);
        }
        return recorded.chain(now -> now.done() ? Uni.createFrom().item(now) : recordedBefore(init, outcome, opening));
    }

    private Uni<Recorded> recordedBefore(SentInit init, OpenOutcome outcome, Optional<Opening> opening) {
        return execute(WAS_RECORDED, init.session(), init.event())
                .chain(before -> before.done()
                        ? Uni.createFrom().item(before)
                        : opening.map(lost -> storedAgain(lost, init, outcome))
                                .orElseGet(() -> tooLate(init, outcome)));
    }

    /** An intent that is there, or whose key is, is not stored again. */
    private Uni<Recorded> storedAgain(Opening lost, SentInit init, OpenOutcome outcome) {
        return intents.storeAgain(lost).chain(stored -> {
            if (stored != Stored.STORED) {
                return tooLate(init, outcome);
            }
            LOG.warnf("session.stored-again sessionId=%s: the database had lost its intent", init.session());
            return recordOnce(init, outcome);
        });
    }

    /** @return not done when this attempt is not open any more */
    private Uni<Recorded> accepted(SentInit init, OpenOutcome.Accepted accepted) {
        UUID session = init.session();
        Instant initAt = init.initAt();
        Instant expiresAt = initAt.plus(vendor.tokenLifetime());
        return batcher.send(new AcceptedRow(
                init,
                ChargeStatus.atOpening(accepted.charge()),
                expiresAt,
                sealing.seal(session, Sealing.Column.TOKEN, accepted.token()),
                sealing.tokenHash(accepted.token()),
                sealing.seal(session, Sealing.Column.CHECK_URL, accepted.checkUrl()),
                accepted.taskNo(),
                prices.at(initAt),
                timetable.next(initAt, expiresAt, clock.instant()),
                expiresAt.minus(timetable.finalPollsBegin()),
                accepted.charge() == BillingFlag.BILLED ? LedgerBasis.VENDOR : LedgerBasis.RULE));
    }

    private Uni<List<Recorded>> allAccepted(List<AcceptedRow> accepted) {
        return database.execute(
                        Connections.SHARED,
                        ACCEPTED,
                        Tuple.of(ACCEPTED_ROW.of(accepted), SqlValues.time(clock.instant())),
                        RecordInitOutcome::byEvent)
                .map(opened -> accepted.stream()
                        .map(one -> opened.getOrDefault(one.init().event(), Recorded.of(false)))
                        .toList());
    }

    /**
     * The answers by event: a repeated try has the same one and gets the same answer; another outcome of the same
     * opening is not done.
     */
    private static Map<UUID, Recorded> byEvent(RowSet<Row> rows) {
        Map<UUID, Recorded> opened = new HashMap<>();
        rows.forEach(row -> opened.put(row.getUUID("event_id"), new Recorded(true, Optional.of(SessionRow.of(row)))));
        return opened;
    }

    private Uni<Recorded> refused(SentInit init, OpenOutcome.Refused refused) {
        return execute(REFUSED, REFUSED_ROW.of(new RefusedRow(init, refused)), SqlValues.time(clock.instant()));
    }

    private static JsonObject detail(OpenOutcome.Refused refused) {
        return SqlValues.detail(
                "code", refused.code().orElse(null),
                "reason", refused.reason(),
                "passing", refused.retryable(),
                "taskNo", refused.taskNo().orElse(null));
    }

    private Uni<Recorded> unknown(SentInit init, OpenOutcome.Unknown unknown) {
        UnknownRow row = new UnknownRow(
                init,
                unknown,
                prices.at(init.initAt()),
                init.initAt().plus(vendor.tokenLifetime()).plus(config.expiryGrace()));
        return execute(UNKNOWN, UNKNOWN_ROW.of(row), SqlValues.time(clock.instant()))
                .invoke(outbox::filled);
    }

    private static JsonObject detail(OpenOutcome.Unknown unknown) {
        return SqlValues.detail(
                "code", unknown.code().orElse(null),
                "reason", unknown.reason(),
                "taskNo", unknown.taskNo().orElse(null));
    }

    /**
     * The attempt was given up before. A late Unknown adds nothing; any other late outcome is recorded as CONTRADICTED. The session stays
     * UNKNOWN; the fee that was presumed of it need not wait for the token's end where none was taken.
     */
    private Uni<Recorded> tooLate(SentInit init, OpenOutcome outcome) {
        if (outcome instanceof OpenOutcome.Unknown) {
            return Uni.createFrom().item(Recorded.of(false));
        }
        metrics.contradicted();
        LOG.warnf(
                "session.contradicted sessionId=%s late=%s taskNo=%s",
                init.session(), outcome.label(), outcome.taskNo().orElse("none"));
        OffsetDateTime now = SqlValues.time(clock.instant());
        Uni<Recorded> kept = execute(
                CONTRADICTED,
                init.session(),
                init.event(),
                now,
                SqlValues.detail(
                        "late", outcome.label(),
                        "taskNo", outcome.taskNo().orElse(null)));
        return (outcome instanceof OpenOutcome.Refused
                        ? kept.chain(() -> execute(NO_FEE, init.session(), init.attempt(), now))
                        : kept)
                .replaceWith(Recorded.of(false));
    }

    private Uni<Recorded> execute(String sql, Object... arguments) {
        return database.execute(
                Connections.SHARED,
                sql,
                Tuple.tuple(Arrays.asList(arguments)),
                rows -> Recorded.of(rows.rowCount() == 1));
    }
}

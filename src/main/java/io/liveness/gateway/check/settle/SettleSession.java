package io.liveness.gateway.check.settle;

import io.liveness.gateway.books.Ledger;
import io.liveness.gateway.books.LedgerBasis;
import io.liveness.gateway.check.ChargeStatus;
import io.liveness.gateway.check.SessionMetrics;
import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.SettledSignals;
import io.liveness.gateway.check.schedule.LeasedSession;
import io.liveness.gateway.notify.Outbox;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.liveness.gateway.platform.postgres.KeepTrying;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/**
 * Ends sessions: verdict, end of the fee, and events of any number of them in one statement, which re-reads every session under its lock. A
 * settled session is not changed: a later, different answer becomes an event and is counted.
 */
@Singleton
class SettleSession {

    private static final Logger LOG = Logger.getLogger(SettleSession.class);

    /**
     * The end of a session or of its open fee.
     *
     * @param from the status it must still have
     * @param feeEnd the end of an open fee
     * @param verdict the vendor's verdict; absent when the vendor could not be asked
     * @param faceUrlSealed the address of the face image, encrypted
     * @param fence the lease that must still be held; absent with a verdict, which counts from every replica
     * @param at when that was learnt; like the ids of its events the same for every try to record it
     */
    record Settlement(
            UUID session,
            SessionStatus from,
            SessionStatus to,
            ChargeStatus feeEnd,
            LedgerBasis basis,
            Optional<VerdictOutcome.Final> verdict,
            Optional<byte[]> faceUrlSealed,
            Optional<Integer> fence,
            Instant at,
            UUID firstEvent,
            UUID secondEvent) {

        Settlement {
            // Finds a mistake of this code early. What guards the row are the conditions of SETTLE, which see its state
            // under its lock.
            // An unknown session keeps its status while its fee is written off.
            if (from != to && !from.mayBecome(to)) {
                throw new IllegalArgumentException(from + " may not become " + to);
            }
            if (!ChargeStatus.PRE_DEDUCTED.mayBecome(feeEnd)) {
                throw new IllegalArgumentException(feeEnd + " ends no fee");
            }
        }

        static Settlement verdict(
                UUID session, VerdictOutcome.Final verdict, Optional<byte[]> faceUrlSealed, Instant at) {
            SessionStatus status = SessionStatus.of(verdict.verdict());
            ChargeStatus feeEnd = ChargeStatus.atEnd(status);
            boolean said =
                    verdict.charge() == (feeEnd == ChargeStatus.CHARGED ? BillingFlag.BILLED : BillingFlag.NOT_BILLED);
            return new Settlement(
                    session,
                    SessionStatus.PENDING,
                    status,
                    feeEnd,
                    said ? LedgerBasis.VENDOR : LedgerBasis.RULE,
                    Optional.of(verdict),
                    faceUrlSealed,
                    Optional.empty(),
                    at,
                    SqlValues.newId(at),
                    SqlValues.newId(at));
        }

        /** After the vendor's deadline the fee has been returned by its rule. */
        static Settlement writtenOff(LeasedSession due, Instant at) {
            return new Settlement(
                    due.id(),
                    due.status(),
                    due.status() == SessionStatus.PENDING ? SessionStatus.EXPIRED : due.status(),
                    ChargeStatus.REFUNDED,
                    LedgerBasis.PRESUMED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(due.lease()),
                    at,
                    SqlValues.newId(at),
                    SqlValues.newId(at));
        }

        /** What the vendor's flag says of the fee; null when it says nothing. */
        Boolean billed() {
            return verdict.map(VerdictOutcome.Final::charge)
                    .filter(flag -> flag == BillingFlag.BILLED || flag == BillingFlag.NOT_BILLED)
                    .map(flag -> flag == BillingFlag.BILLED)
                    .orElse(null);
        }

        Integer code() {
            return verdict.map(said -> said.verdict().code()).orElse(null);
        }
    }

    private static final Records<Settlement> SETTLEMENT = new Records<Settlement>()
            .with("id", "uuid", Settlement::session)
            .with("from_status", "text", Settlement::from)
            .with("to_status", "text", Settlement::to)
            .with("fee_end", "text", Settlement::feeEnd)
            .with("basis", "text", Settlement::basis)
            .with("code", "int", Settlement::code)
            .with("message", "text", one -> one.verdict().map(VerdictOutcome.Final::message))
            .with("result_task_no", "text", one -> one.verdict().flatMap(VerdictOutcome.Final::taskNo))
            .with("face_url", "bytea", Settlement::faceUrlSealed)
            .with("fence", "int", Settlement::fence)
            .with("first_event_id", "uuid", Settlement::firstEvent)
            .with("second_event_id", "uuid", Settlement::secondEvent)
            .with("at", "timestamptz", Settlement::at)
            .with("billed", "bool", Settlement::billed);

    /** Locks, judges, moves and tells in one round trip. $1 settlements, $2 now. Answers a row for each session. */
    private static final String SETTLE = """
            with settlement as (
                select * from
            """ + SETTLEMENT.from("$1", "e") + """
            ), locked as (
                select l.session_id, l.lease, l.polls, l.first_poll_at, l.last_poll_at, l.last_poll_code
                from settlement e join session_schedule l on l.session_id = e.id
                order by l.session_id
                for update of l
            ), judged as (
                select e.*, s.status, s.charge_status, s.verdict_code, l.polls, l.first_poll_at, l.last_poll_at, l.last_poll_code,
                       -- The books follow the rule: 200 and 202 are charged, unless init took no fee.
                       case when e.billed <> (e.fee_end = 'CHARGED' and s.charge_status <> 'NONE') then e.billed end as against_rule,
                       s.status = e.from_status and (e.fence is null or e.fence is not distinct from l.lease) as moves,
                       e.code is not null and s.status <> e.from_status and s.status <> e.to_status as contradicts
                from settlement e join liveness_session s on s.id = e.id left join locked l on l.session_id = e.id
                order by s.id
                for no key update of s
            ), moved as (
                update liveness_session s
                set status = j.to_status,
                    charge_status = case when j.charge_status in ('PRE_DEDUCTED', 'UNCONFIRMED') then j.fee_end
                                         else j.charge_status end,
                    -- Not long before it is recorded, however long that was tried: sums that have passed that time do not see it.
                    -- By one clock with the sums: the database's own may be set wrong.
                    charge_settled_at = case when j.charge_status in ('PRE_DEDUCTED', 'UNCONFIRMED')
                                             then greatest(j.at, $2::timestamptz - interval '2 minutes') end,
                    verdict_code = j.code, verdict_message = j.message,
                    verdict_at = case when j.code is not null then j.at end,
                    face_url_sealed = j.face_url, token_sealed = null, check_url_sealed = null, updated_at = j.at
                from judged j
                where j.id = s.id and j.moves
                returning s.id, s.caller, s.status, s.charge_status, s.charge_settled_at, s.face_url_sealed, s.task_no, s.fee_amount,
                          s.fee_currency, j.charge_status as fee_was, j.basis, j.code, j.second_event_id, j.at
            ), unscheduled as (
                delete from session_schedule l using moved where l.session_id = moved.id
            ), ended as (
                insert into session_end (caller, status, session_id, unhashed_since, face_since)
                select caller, status, id, coalesce(charge_settled_at, at), case when face_url_sealed is not null then at end
                from moved
            ), movement as (
                select id as session_id, case charge_status when 'CHARGED' then 'CHARGE' else 'REFUND' end as kind, task_no,
                       basis, fee_amount as amount, fee_currency as currency, charge_settled_at as recorded_at
                from moved where fee_was in ('PRE_DEDUCTED', 'UNCONFIRMED')
            ), entry as (
            """ + Ledger.endingsFrom("movement") + """
            ), to_record as (
                select 1 as nth, first_event_id as event_id, id, 'CHECKED' as type, at, null as tells,
                       jsonb_strip_nulls(jsonb_build_object(
                           'code', code, 'taskNo', result_task_no, 'billed', against_rule,
                           'polls', case when moves then polls + 1 end,
                           'firstPollAt', case when moves then coalesce(first_poll_at, at) end)) as detail
                from judged where code is not null and code is distinct from verdict_code
                union all
                select 1, first_event_id, id, 'CHECKED', last_poll_at, null,
                       jsonb_strip_nulls(jsonb_build_object('code', last_poll_code, 'polls', polls, 'firstPollAt', first_poll_at))
                from judged where code is null and moves and polls > 0
                union all
                select 2, second_event_id, id, case when code is null then 'WRITTEN_OFF' else 'SETTLED' end, at, caller,
                       jsonb_build_object('status', status, 'charge', charge_status)
                from moved
                union all
                select 2, second_event_id, id, 'CONTRADICTED', at, null, jsonb_build_object('code', code, 'recorded', status)
                from judged where contradicts
            ), event as (
                insert into session_event (id, session_id, type, at, detail, caller)
                select event_id, id, type, at, detail, tells from to_record order by nth
                on conflict (session_id, id) do nothing
                returning id, session_id, at, detail, caller, seq
            ), to_tell as (
                select id as event_id, seq, caller, session_id, 'liveness.session.settled' as kind, at, detail as data
                from event where caller is not null
            ), delivery as (
            """
            + Outbox.deliveriesFrom("to_tell")
            + """
            )
            select id, to_status, moves, moves and code is null and status = 'PENDING' as lost,
                   moves and against_rule is not null as against_rule,
                   contradicts, exists (select from delivery) as to_deliver, case when moves then
            """ + SettledSignals.sqlToNotify("id") + """
                   end as told,
                   (select count(
            """ + SettledSignals.sqlToNotifyCaller("caller") + """
                   ) from to_tell) as callers_told
            from judged
            """;

    private final Database database;
    private final Clock clock;
    private final SessionMetrics metrics;
    private final Outbox outbox;

    SettleSession(Database database, Clock clock, SessionMetrics metrics, Outbox outbox) {
        this.database = database;
        this.clock = clock;
        this.outbox = outbox;
        this.metrics = metrics;
    }

    /**
     * Settles sessions. Never fails: one that cannot be recorded is logged.
     *
     * @param atMost how long it is tried
     * @param ended is told how many are recorded or given up, as soon as they are
     */
    Uni<Void> settle(Duration atMost, List<Settlement> settlements, Connections connections, IntConsumer ended) {
        // One statement moves a session once. Near its token's end it may have been asked about twice at a time.
        Map<UUID, Settlement> first = new LinkedHashMap<>();
        List<Settlement> second = new ArrayList<>();
        for (Settlement one : settlements) {
            if (first.putIfAbsent(one.session(), one) != null) {
                second.add(one);
            }
        }
        Uni<Void> recorded = settleEach(atMost, List.copyOf(first.values()), connections, ended);
        return second.isEmpty() ? recorded : recorded.chain(() -> settle(atMost, second, connections, ended));
    }

    private Uni<Void> settleEach(
            Duration atMost, List<Settlement> settlements, Connections connections, IntConsumer ended) {
        return KeepTrying.rows(
                atMost,
                settlements,
                some -> settleOnce(some, connections).invoke(() -> ended.accept(some.size())),
                (settlement, failure) -> {
                    // The log alone has the verdict then.
                    FailedWork.log(
                            LOG,
                            "session.not-recorded sessionId=" + settlement.session() + " answer=" + settlement.to(),
                            failure);
                    ended.accept(1);
                });
    }

    static void notRecorded(UUID session, Throwable failure) {
        FailedWork.log(LOG, "session.not-recorded sessionId=" + session, failure);
    }

    private Uni<Void> settleOnce(List<Settlement> settlements, Connections connections) {
        return Uni.createFrom()
                .deferred(() -> database.execute(
                        connections, SETTLE, Tuple.of(SETTLEMENT.of(settlements), SqlValues.time(clock.instant()))))
                .invoke(rows -> {
                    report(rows);
                    reportMissing(settlements, rows);
                })
                .replaceWithVoid();
    }

    /** A fail-over to a standby that had not received a session yet loses it: its verdict and its fee are nowhere but in the log. */
    private void reportMissing(List<Settlement> settlements, RowSet<Row> rows) {
        if (rows.size() == settlements.size()) {
            return;
        }
        Set<UUID> found = new HashSet<>();
        rows.forEach(row -> found.add(row.getUUID("id")));
        settlements.stream()
                .filter(one -> !found.contains(one.session()))
                .forEach(one -> one.verdict().ifPresent(verdict -> {
                    metrics.contradicted();
                    LOG.errorf(
                            "session.not-there sessionId=%s answer=%s taskNo=%s",
                            one.session(), one.to(), verdict.taskNo().orElse(null));
                }));
    }

    private void report(RowSet<Row> rows) {
        boolean toDeliver = false;
        for (Row row : rows) {
            report(row);
            toDeliver |= row.getBoolean("to_deliver");
        }
        if (toDeliver) {
            outbox.filled();
        }
    }

    private void report(Row row) {
        UUID session = row.getUUID("id");
        String status = row.getString("to_status");
        if (row.getBoolean("moves")) {
            metrics.settled(SessionStatus.valueOf(status));
            if (row.getBoolean("lost")) {
                metrics.lost();
            }
            LOG.infof("session.settled sessionId=%s status=%s", session, status);
            if (row.getBoolean("against_rule")) {
                metrics.billedAgainstTheRule();
                LOG.warnf("session.billed-against-rule sessionId=%s status=%s", session, status);
            }
        } else if (row.getBoolean("contradicts")) {
            metrics.contradicted();
            LOG.warnf("session.contradicted sessionId=%s answer=%s", session, status);
        }
    }
}

package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.audit.AuditedAct;

/** The statements about months. There are as many rows of {@code period} as months were closed. */
final class PeriodsSql {

    static final String ALL = """
            select month, from_at, to_at, soft_closed_at, soft_closed_by, closed_at, closed_by, proof_rows, proof_sha256, sums
            from period order by month
            """;

    /** When the books begin, null while they are empty; and the time. */
    static final String BEGINNING = """
            select least((select init_at from liveness_session where fee_amount is not null order by init_at, id limit 1),
                         (select recorded_at from ledger_entry where kind = 'ADJUSTMENT' order by recorded_at limit 1)),
                   liveness_now()
            """;

    /** $1 month, $2 and $3 its span, $4 by whom, $5 key, $6 id of the entry. Changes nothing when it was done before. */
    static final String SOFT_CLOSE = """
            with soft as (
                insert into period (month, from_at, to_at, soft_closed_at, soft_closed_by)
                values ($1, $2, $3, liveness_now(), $4)
                on conflict (month) do update set soft_closed_at = excluded.soft_closed_at, soft_closed_by = excluded.soft_closed_by
                where period.soft_closed_at is null and period.closed_at is null
                returning month
            ), request as (
                insert into finance_request (caller, idempotency_key, subject, act, at)
                select $4, $5, month, 'SOFT_CLOSE', liveness_now() from soft
                on conflict (caller, idempotency_key) do nothing
            ), act as (
                select $6::uuid as id, $4::text as who, '%s' as what, month as subject, '{}'::jsonb as detail from soft
            )
            %s""".formatted(AuditedAct.PERIOD_SOFT_CLOSED.code(), Audit.entriesFrom("act"));

    /**
     * No adjustment that is recorded from now on has a time in the month or before it: the lock waits for those under way, and their
     * trigger takes it too. $1 month, $2 and $3 its span.
     */
    static final String BEGIN_CLOSING = """
            with turn as materialized (
                select pg_advisory_xact_lock(1818850414, 1885697636)
            )
            insert into period (month, from_at, to_at, closing_at)
            select $1, $2, $3, liveness_now() from turn
            on conflict (month) do update set closing_at = excluded.closing_at where period.closed_at is null
            """;

    /**
     * $1 month, $2 by whom, $3 and $4 lines and hash of the proof, $5 sums, $6 key, $7 id of the entry. Answers no row when it was closed
     * before.
     */
    static final String CLOSE = """
            with closed as (
                update period set closed_at = liveness_now(), closed_by = $2, proof_rows = $3, proof_sha256 = $4, sums = $5
                where month = $1 and closing_at is not null and closed_at is null
                returning month, proof_rows, proof_sha256
            ), request as (
                insert into finance_request (caller, idempotency_key, subject, act, at)
                select $2, $6, month, 'CLOSE', liveness_now() from closed
                on conflict (caller, idempotency_key) do nothing
            ), act as (
                select $7::uuid as id, $2::text as who, '%s' as what, month as subject,
                       jsonb_build_object('rows', proof_rows::text, 'sha256', proof_sha256) as detail
                from closed
            )
            %s""".formatted(AuditedAct.PERIOD_CLOSED.code(), Audit.entriesFrom("act"));

    private PeriodsSql() {}
}

package io.liveness.gateway.finance.summary;

/**
 * The statement that sums the fees of some spans of time: $1 where they begin, $2 where they end, $3 the grouping, $4 the caller, $5 how
 * many rows are wanted. Each fee is read once, from {@code fee_by_caller} alone, caller by caller and span by span.
 *
 * <p>A key is the number of the span, the caller, the cost centre or the status. A fee belongs to the span of its pre-deduction, which is
 * when init was sent; an adjustment to the span in which it was recorded. Without the limit of 1, PostgreSQL may look for the session of an
 * adjustment among all sessions of the caller.
 */
final class SummarySql {

    /** Every caller with a fee, each found by the one before it. No other index has that order. */
    private static final String ALL_CALLERS = """
            recursive whose (caller) as (
                (select caller from liveness_session where fee_amount is not null order by caller, init_at, id limit 1)
                union all
                select (select s.caller from liveness_session s
                        where s.fee_amount is not null and s.caller > w.caller order by s.caller, s.init_at, s.id limit 1)
                from whose w where w.caller is not null
            )""";

    private static final String ONE_CALLER = "whose (caller) as (select $4::text)";

    private static final String SUM = """
            with %s, span as (
                select * from unnest($1::timestamptz[], $2::timestamptz[]) with ordinality span (from_at, to_at, nth)
            )
            select case $3 when 'caller' then whose.caller when 'costCentre' then fee.cost_centre when 'status' then fee.status
                           else span.nth::text end as key,
                   fee.currency, fee.standing, sum(fee.count)::bigint as count, sum(fee.amount)::bigint as amount
            from whose cross join span cross join lateral (
                select s.charge_status as status, s.fee_currency as currency,
                       case when s.charge_status = 'REFUNDED' and s.verdict_code is null then 'PRESUMED' else s.charge_status end
                           as standing,
                       case when $3 = 'costCentre' then s.cost_centre end as cost_centre,
                       count(*) as count, sum(s.fee_amount) as amount
                from liveness_session s
                where s.caller = whose.caller and s.fee_amount is not null and s.init_at >= span.from_at and s.init_at < span.to_at
                group by 1, 2, 3, 4
            ) fee
            group by 1, 2, 3
            union all
            select case $3 when 'caller' then s.caller when 'costCentre' then s.cost_centre when 'status' then s.charge_status
                           else span.nth::text end,
                   adjustment.currency, 'ADJUSTMENT', count(*), sum(adjustment.amount)::bigint
            from (
                select e.session_id, e.currency, e.amount, e.recorded_at from ledger_entry e
                where e.kind = 'ADJUSTMENT' and e.recorded_at >= ($1::timestamptz[])[1]
                  and e.recorded_at < ($2::timestamptz[])[cardinality($2::timestamptz[])]
            ) adjustment join span on adjustment.recorded_at >= span.from_at and adjustment.recorded_at < span.to_at
            left join lateral (
                select s.caller, s.cost_centre, s.charge_status from liveness_session s where s.id = adjustment.session_id limit 1
            ) s on true
            where $4::text is null or s.caller = $4
            group by 1, 2
            limit $5
            """;

    static final String OF_ALL = SUM.formatted(ALL_CALLERS);
    static final String OF_ONE = SUM.formatted(ONE_CALLER);

    private SummarySql() {}
}

package io.liveness.gateway.finance.period.proof;

/**
 * The statements that read the rows of a month's proof, a page each: after $1 and $2, before $3. The rows of a fee are its pre-deduction and
 * its end, by the time of the pre-deduction; adjustments are read by the time they were recorded.
 */
final class ProofSql {

    /** Fees, or adjustments, of a page: about a megabyte of text. */
    static final int PAGE = 1_000;

    /**
     * $1 the time of the last fee of the page before, $2 its session. The end of the month is asked for behind the limit: with both ends
     * known, PostgreSQL may take all fees between them for few, and read and sort them for each page.
     */
    static final String FEES = """
            select proof_fee.init_at, proof_fee.id, proof_fee.caller, proof_fee.cost_centre,
                   e.id, e.kind, e.task_no, e.basis, e.amount, e.currency, e.recorded_at, e.of_month
            from (
                select s.init_at, s.id, s.caller, s.cost_centre from liveness_session s
                where s.fee_amount is not null and (s.init_at, s.id) > ($1, $2)
                order by s.init_at, s.id limit %d
            ) proof_fee left join lateral (
                (select * from ledger_entry where session_id = proof_fee.id and kind = 'PRE_DEDUCT' limit 1)
                union all
                (select * from ledger_entry where session_id = proof_fee.id and kind in ('CHARGE', 'REFUND') limit 1)
            ) e on true
            where proof_fee.init_at < $3
            order by proof_fee.init_at, proof_fee.id, e.id
            """.formatted(PAGE);

    /** $1 the time of the last adjustment of the page before, $2 its entry. */
    static final String ADJUSTMENTS = """
            select s.init_at, proof_adjustment.session_id, s.caller, s.cost_centre,
                   proof_adjustment.id, proof_adjustment.kind, proof_adjustment.task_no, proof_adjustment.basis,
                   proof_adjustment.amount, proof_adjustment.currency, proof_adjustment.recorded_at, proof_adjustment.of_month
            from (
                select * from ledger_entry e
                where e.kind = 'ADJUSTMENT' and e.recorded_at >= $1 and (e.recorded_at, e.id) > ($1, $2) and e.recorded_at < $3
                order by e.recorded_at, e.id limit %d
            ) proof_adjustment left join lateral (
                select init_at, caller, cost_centre from liveness_session where id = proof_adjustment.session_id limit 1
            ) s on true
            order by proof_adjustment.recorded_at, proof_adjustment.id
            """.formatted(PAGE);

    private ProofSql() {}
}

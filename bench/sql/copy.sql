-- The least an export of charges costs: PostgreSQL's own, of the same columns in the same order.
copy (
    select s.id, p.caller, p.task_no, s.charge_status, coalesce(e.basis, p.basis) as basis, p.amount, p.currency, p.init_at,
        s.charge_settled_at, s.reference, p.cost_centre
    from ledger_entry p
    join liveness_session s on s.id = p.session_id
    left join ledger_entry e on e.session_id = p.session_id and e.kind in ('CHARGE', 'REFUND')
    where p.kind = 'PRE_DEDUCT'
    order by p.init_at desc, p.session_id desc
) to stdout (format csv)

-- The least an export of charges costs: PostgreSQL's own, of the same columns in the same order.
copy (
    select s.id, s.caller, s.task_no, s.charge_status,
        case when s.charge_status in ('CHARGED', 'REFUNDED')
            then (select e.basis from ledger_entry e where e.session_id = s.id and e.kind in ('CHARGE', 'REFUND'))
            else (select e.basis from ledger_entry e where e.session_id = s.id and e.kind = 'PRE_DEDUCT') end as basis,
        s.fee_amount, s.fee_currency, s.init_at, s.charge_settled_at, s.reference, s.cost_centre
    from liveness_session s
    where s.fee_amount is not null
    order by s.init_at desc, s.id desc
) to stdout (format csv)

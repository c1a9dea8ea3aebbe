-- The same bill as the lines that an import reads of it: to standard output.
copy (
    select row_number() over (order by init_at, id) + 1, task_no, date_trunc('second', init_at), charge_status, fee_amount, null::text
    from liveness_session
    order by init_at, id
) to stdout

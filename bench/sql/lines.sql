-- Writes the lines of the bill to standard output, in the form in which an import stores them.
copy (
    select row_number() over (order by init_at, id) + 1, task_no, date_trunc('second', init_at), charge_status, fee_amount, null::text
    from liveness_session
    order by init_at, id
) to stdout

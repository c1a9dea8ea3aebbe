-- The vendor's bill of all fees, in the order of their pre-deduction: to standard output, as CSV.
copy (
    select task_no as "taskNo", to_char(init_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') as "time",
        case charge_status when 'CHARGED' then '实扣' else '退回' end as "status", '0.80' as "amount"
    from liveness_session
    order by init_at, id
) to stdout (format csv, header)

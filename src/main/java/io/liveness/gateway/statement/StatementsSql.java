package io.liveness.gateway.statement;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.audit.AuditedAct;

/** The steps of a statement's import, each a statement of SQL. $1 is the statement where nothing else is said. */
final class StatementsSql {

    static final String BEGIN = """
            insert into statement (id, status, dry_run, file_name, mapping, definition, definition_hash, currency, period_from, period_to,
                invoice, supersedes, imported_by, imported_at, worked_at)
            values ($1, 'RECEIVING', $2, $3, $4, $5::text::jsonb, $6, $7, $8, $9, $10, $11, $12, liveness_now(), liveness_now())
            """;

    static final String RECEIVED = """
            update statement set status = 'READING', sha256 = $2, charset = $3, bytes = $4, worked_at = liveness_now() where id = $1
            returning %s""".formatted(StatementRow.COLUMNS);

    static final String SAME = """
            select %s from statement
            where sha256 = $1 and definition_hash = $2 and not dry_run and status in ('READING', 'MATCHING', 'DONE')
            """.formatted(StatementRow.COLUMNS);

    static final String PROGRESS = """
            update statement
            set bytes_read = greatest(bytes_read, $2), lines = greatest(lines, $3), lines_matched = greatest(lines_matched, $4),
                worked_at = liveness_now()
            where id = $1 and status in ('RECEIVING', 'READING', 'MATCHING')
            """;

    static final String READ = """
            update statement
            set status = 'MATCHING', bytes_read = bytes, lines = $2, sum_read = $3, charged_read = $4, first_at = $5, last_at = $6,
                lines_stated = $7, sum_stated = $8, worked_at = liveness_now()
            where id = $1 and status = 'READING'
            returning %s""".formatted(StatementRow.COLUMNS);

    /**
     * $2 id of the entry. Nothing is done when the statement that it corrects counts no more. What it takes the place of counts no more: the statement it corrects, and an earlier run of the same file. Each is
     * sought by its index; the {@code case} keeps the planner from walking a partial one in place of it.
     */
    static final String DONE =
            """
            with corrects as materialized (
                select id from statement
                where id = (select supersedes from statement where id = $1 and not dry_run)
                  and case when dry_run then false else status = 'DONE' end
                for no key update
            ), done as (
                update statement
                set status = 'DONE', lines_matched = lines, worked_at = liveness_now(), counts = (
                    select coalesce(jsonb_object_agg(kind, n), '{}')
                    from (select kind, count(*) as n from statement_match where statement_id = $1 group by kind) c)
                where id = $1 and status = 'MATCHING'
                  and (supersedes is null or dry_run or (select count(*) from corrects) > 0)
                returning *
            ), corrected as (
                update statement set status = 'SUPERSEDED', superseded_by = $1
                where id = (select supersedes from done where not dry_run) and case when dry_run then false else status = 'DONE' end
            ), repeated as (
                update statement set status = 'SUPERSEDED', superseded_by = $1
                where sha256 = (select sha256 from done where not dry_run) and id <> $1
                  and case when dry_run then false else status = 'DONE' end
            ), act as (
                select $2::uuid as id, imported_by as who, '%s' as what, done.id::text as subject,
                       jsonb_strip_nulls(jsonb_build_object('sha256', encode(sha256, 'hex'), 'mapping', mapping, 'lines', lines::text,
                           'supersedes', supersedes::text)) as detail
                from done where not dry_run
            ), entry as (
                %s
            )
            select %s from done
            """.formatted(AuditedAct.STATEMENT_IMPORTED.code(), Audit.entriesFrom("act"), StatementRow.COLUMNS);

    static final String FAILED = """
            update statement set status = 'FAILED', problem = $2::text::jsonb, counts = '{}', worked_at = liveness_now()
            where id = $1 and status in ('READING', 'MATCHING')
            """;

    static final String BY_ID =
            "select %s from statement where id = $1 and status <> 'RECEIVING'".formatted(StatementRow.COLUMNS);

    static final String PAGE = """
            select %s from statement where not dry_run and status <> 'RECEIVING' and ($1::uuid is null or id < $1) order by id desc limit $2
            """.formatted(StatementRow.COLUMNS);

    /** $2 by whom, $3 why, $4 id of the entry. */
    static final String WITHDRAW =
            """
            with withdrawn as (
                update statement
                set status = 'WITHDRAWN', withdrawn_by = $2, reason = $3, withdrawn_at = liveness_now()
                where id = $1 and (status in ('DONE', 'FAILED', 'SUPERSEDED')
                    or (status in ('READING', 'MATCHING') and worked_at < liveness_now() - interval '2 minutes'))
                returning *
            ), act as (
                select $4::uuid as id, withdrawn_by as who, '%s' as what, withdrawn.id::text as subject, '{}'::jsonb as detail
                from withdrawn where not dry_run
            ), entry as (
                %s
            )
            select %s from withdrawn
            """.formatted(AuditedAct.STATEMENT_WITHDRAWN.code(), Audit.entriesFrom("act"), StatementRow.COLUMNS);

    private StatementsSql() {}
}

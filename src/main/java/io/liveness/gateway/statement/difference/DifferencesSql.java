package io.liveness.gateway.statement.difference;

import io.vertx.sqlclient.Row;

/**
 * The statements that list results in the order of the lines. Each reads the range of one index that its filter selects. Rows are compared
 * as a whole, because with equality the planner might choose another index. $1 statement, $2 kinds, $3 the last result of the page before,
 * $4 how many follow, $5 state, $6 assignee.
 */
public final class DifferencesSql {

    private static final String STATE =
            "coalesce((select a.state from statement_acceptance a where a.difference_id = %s and a.state <> 'UNDONE' limit 1), 'OPEN')";

    private static final String REST = """
            left join lateral (
                select * from statement_acceptance where difference_id = m.id and state <> 'UNDONE' limit 1) a on true
            left join lateral (%s) n on true
            left join lateral (
                select o.* from match_by_hand o
                where (o.statement_id, o.session_id) >= (m.statement_id, m.session_id)
                  and (o.statement_id, o.session_id) <= (m.statement_id, m.session_id) and o.undone_at is null
                order by o.statement_id, o.session_id limit 1) h on true
            """.formatted(byId("difference_note", "difference_id", "m.id"));

    private static final String OF_IDS = """
            cross join lateral (%s) m
            join statement t on t.id = m.statement_id
            %s
            where m.statement_id = $1
            order by m.id
            """.formatted(byId("statement_match", "id", "w.id"), REST);

    /** Each kind from its part of the index. */
    static final String BY_KIND = """
            select %s
            from unnest($2::text[]) k (kind)
            cross join lateral (
                select m.* from statement_match m
                where (m.statement_id, m.kind, m.id) > ($1, k.kind, $3) and (m.statement_id, m.kind) <= ($1, k.kind)
                  and ($5::text is null or %s = $5)
                  and ($6::text is null or %s = $6)
                order by m.statement_id, m.kind, m.id limit $4) m
            join statement t on t.id = m.statement_id
            %s
            where m.statement_id = $1 and m.kind = k.kind
            order by m.id limit $4
            """.formatted(DifferenceRow.COLUMNS, STATE.formatted("m.id"), assignee("m.id"), REST);

    /** Those of a state other than OPEN. */
    static final String BY_STATE =
            """
            select %s
            from (
                select c.difference_id as id from statement_acceptance c
                where (c.statement_id, c.state, c.difference_id) > ($1, $5, $3) and (c.statement_id, c.state) <= ($1, $5)
                  and c.kind = any($2::text[])
                  and ($6::text is null or %s = $6)
                order by c.statement_id, c.state, c.difference_id limit $4) w
            """.formatted(DifferenceRow.COLUMNS, assignee("c.difference_id")) + OF_IDS + "limit $4";

    static final String BY_ASSIGNEE = """
            select %s
            from (
                select c.difference_id as id from difference_note c
                where (c.statement_id, c.assignee, c.difference_id) > ($1, $6, $3) and (c.statement_id, c.assignee) <= ($1, $6)
                  and (select d.kind from (%s) d) = any($2::text[])
                  and ($5::text is null or %s = $5)
                order by c.statement_id, c.assignee, c.difference_id limit $4) w
            """.formatted(
                            DifferenceRow.COLUMNS,
                            byId("statement_match", "id", "c.difference_id"),
                            STATE.formatted("c.difference_id"))
            + OF_IDS + "limit $4";

    private static final int MOST_READ = 2_000;

    /**
     * All of a statement for a cursor, kind by kind; and some that the filter does not fit, each {@link #MOST_READ}th that is read, so that
     * an answer to a fetch is never far away. $1 statement, $2 kinds, $3 state, $4 assignee.
     */
    static final String WHOLE =
            """
            select %s, m.listed
            from (
                select r.*, r.nth %% %d = 0 as milestone, coalesce(($3::text is null or %s = $3) and ($4::text is null or %s = $4), false) as listed
                from (
                    select w.*, row_number() over () as nth
                    from unnest($2::text[]) k (kind)
                    cross join lateral (
                        select * from statement_match o
                        where (o.statement_id, o.kind) >= ($1, k.kind) and (o.statement_id, o.kind) <= ($1, k.kind)
                        order by o.statement_id, o.kind, o.id) w
                ) r
            ) m
            join statement t on t.id = m.statement_id
            %s
            where m.listed or m.milestone
            """.formatted(DifferenceRow.COLUMNS, MOST_READ, STATE.formatted("r.id"), assignee("r.id"), REST);

    /** Whether a row of {@link #WHOLE} is of the list. */
    static boolean isListed(Row row) {
        return row.getBoolean("listed");
    }

    /** $1 statement, $2 differences. */
    static final String THESE = "select " + DifferenceRow.COLUMNS + " from unnest($2::uuid[]) w (id)\n" + OF_IDS;

    private DifferencesSql() {}

    private static String assignee(String difference) {
        return "(select n.assignee from (" + byId("difference_note", "difference_id", difference) + ") n)";
    }

    /**
     * The row of that key, or none, read as a range of the key: for a single value the planner might read another index as a whole when the
     * table was small at its last analysis.
     */
    public static String byId(String table, String column, String value) {
        return "select * from %1$s where %2$s >= %3$s and %2$s <= %3$s order by %2$s limit 1"
                .formatted(table, column, value);
    }
}

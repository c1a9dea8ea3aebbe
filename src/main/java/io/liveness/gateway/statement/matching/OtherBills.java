package io.liveness.gateway.statement.matching;

/**
 * Parts of SQL that look at the other statements that count, where $1 is the statement in hand: a fee is billed once. Neither another run of
 * the same file nor the statement that this one corrects is another bill.
 */
public final class OtherBills {

    /** Whether the statement {@code t} is another bill than {@code mine}. */
    private static final String IS_ANOTHER_BILL =
            "t.status = 'DONE' and not t.dry_run and t.sha256 <> mine.sha256 and (mine.supersedes is null or t.id <> mine.supersedes)";

    private static final String COUNTS =
            "(select " + IS_ANOTHER_BILL + " from statement t, statement mine where t.id = %s and mine.id = $1)";

    /** A range in the order of the index, so that no other one is walked. */
    private static final String LINE = """
            select billed.statement_id as other, billed.line as other_line
            from (
                select x.statement_id, x.line, x.kind, x.theirs_status from statement_match x
                where x.session_id is not null and x.session_id >= %1$s and x.session_id <= %1$s and x.statement_id <> $1
                order by x.session_id, x.statement_id) billed
            where billed.line is not null and billed.kind in ('MATCHED', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')%2$s
              and %3$s
            limit 1""";

    private static final String CUT_OFF = """
            select true as awaited
            from (
                select x.statement_id, x.kind from statement_match x
                where x.session_id is not null and x.session_id >= %1$s and x.session_id <= %1$s and x.statement_id <> $1
                order by x.session_id, x.statement_id) edge
            where edge.kind = 'CUT_OFF' and %2$s
            limit 1""";

    /**
     * Whether another bill reaches up to the one in hand, or begins where it ends: $2 its begin, $3 its end. Of statements there are some dozens
     * a month.
     */
    static final String NEIGHBOURS = """
            with neighbour_statement as materialized (
                select coalesce(t.period_from, t.first_at) as from_at, coalesce(t.period_to, t.last_at + interval '1 second') as to_at
                from statement t, (select sha256, supersedes from statement where id = $1) mine
                where %s
            )
            select coalesce(bool_or(from_at < $2 and to_at >= $2), false), coalesce(bool_or(from_at <= $3 and to_at > $3), false)
            from neighbour_statement""".formatted(IS_ANOTHER_BILL);

    private static final String CORRECTION = """
            select a.statement_id as corrected_by from statement_acceptance a
            where a.state <> 'UNDONE' and a.session_id = %s and a.session_id is not null
              and a.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS') and a.amount <> 0 and a.statement_id <> $1
              and %s
            limit 1""";

    private OtherBills() {}

    /** A line of another bill that has the fee of the session: {@code other}, {@code other_line}. */
    public static String line(String session) {
        return LINE.formatted(session, "", COUNTS.formatted("billed.statement_id"));
    }

    /** The same of a line by which the fee is charged. */
    public static String charge(String session) {
        return LINE.formatted(
                session, " and billed.theirs_status = 'CHARGED'", COUNTS.formatted("billed.statement_id"));
    }

    /** Whether a fee near the edge of another bill has no line there: {@code awaited}. */
    static String cutOff(String session) {
        return CUT_OFF.formatted(session, COUNTS.formatted("edge.statement_id"));
    }

    /** An acceptance by which the books have another amount of the fee: {@code corrected_by}. */
    public static String correction(String session) {
        return CORRECTION.formatted(session, COUNTS.formatted("a.statement_id"));
    }

    /** The note on a line whose fee another bill charges. @param found the part that has {@link #charge}, with its point */
    static String chargedTwice(String found) {
        return "'statement ' || %1$sother || ' has charged the fee on line ' || %1$sother_line".formatted(found);
    }

    /** The note on a line whose fee is adjusted to another bill. @param found the part that has {@link #correction}, with its point */
    static String corrected(String found) {
        return "'the fee is adjusted to what statement ' || %scorrected_by || ' says: take that back first'"
                .formatted(found);
    }

    /** The note on a fee without a line that another bill has. @param found the part that has {@link #line}, with its point */
    static String billed(String found) {
        return "'on line ' || %1$sother_line || ' of statement ' || %1$sother".formatted(found);
    }
}

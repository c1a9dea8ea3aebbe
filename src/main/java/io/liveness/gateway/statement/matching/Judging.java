package io.liveness.gateway.statement.matching;

/** Parts of SQL that compare a line with a fee, for every way in which they were matched. */
public final class Judging {

    /** How the present state of the fee is known, as charges have it. */
    private static final String BASIS = """
            case when s.charge_status in ('CHARGED', 'REFUNDED')
                 then (select e.basis from ledger_entry e where e.session_id = s.id and e.kind in ('CHARGE', 'REFUND'))
                 else (select e.basis from ledger_entry e where e.session_id = s.id and e.kind = 'PRE_DEDUCT') end""";

    /** Our side, of a session {@code s}. */
    public static final String OURS = "s.id as session_id, s.charge_status as ours_status, " + BASIS
            + " as ours_basis, s.fee_amount as ours_amount, s.fee_currency as ours_currency, s.init_at as ours_at,"
            + " s.charge_settled_at as ours_ended";

    private static final String ID = "(left(replace($1::uuid::text, '-', ''), 22) || lpad(to_hex(%s), 10, '0'))::uuid";

    private Judging() {}

    /** The id of a result of the statement $1, by its place in it. */
    static String id(String place) {
        return ID.formatted(place);
    }

    /** The id of one of the results of a line: the first, or the second where status and amount differ. */
    public static String id(String line, String nth) {
        return id("%s::bigint * 4 + %s".formatted(line, nth));
    }

    /**
     * Whether a status of the statement agrees with ours ({@code ours_status}, {@code ours_ended}). A fee may have ended after the
     * statement was made. One in doubt may have been taken, and come back.
     */
    public static String agrees(String theirs, String until) {
        return """
                case ours_status
                    when 'UNCONFIRMED' then %1$s in ('PRE_DEDUCTED', 'REFUNDED')
                    else %1$s = ours_status or (%1$s = 'PRE_DEDUCTED' and ours_status in ('CHARGED', 'REFUNDED') and ours_ended >= %2$s)
                end""".formatted(theirs, until);
    }
}

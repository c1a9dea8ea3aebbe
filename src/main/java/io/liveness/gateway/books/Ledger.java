package io.liveness.gateway.books;

/**
 * The ledger's part in a statement that moves a session: the entry is written in the same statement as the move, so that both exist or
 * none, at the cost of one round trip. Each is a plain insert: unique indexes and triggers of {@code V4__books.sql} check it.
 */
public final class Ledger {

    private Ledger() {}

    /**
     * An insert of pre-deductions, to stand as a part of a {@code with} query.
     *
     * @param movements name of a part of the same query with the columns {@code session_id, kind, task_no, basis, amount,
     *     currency, recorded_at, caller, cost_centre, init_at}, one row for each entry
     */
    public static String preDeductionsFrom(String movements) {
        return """
                insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, cost_centre, init_at)
                select session_id, kind, task_no, basis, amount, currency, recorded_at, caller, cost_centre, init_at from %s
                """.formatted(movements);
    }

    /**
     * An insert of charges and refunds, as {@link #preDeductionsFrom}. PostgreSQL gives each the caller, cost centre and time of its
     * pre-deduction.
     *
     * @param movements has the columns {@code session_id, kind, task_no, basis, amount, currency, recorded_at}
     */
    public static String endingsFrom(String movements) {
        return """
                insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at)
                select session_id, kind, task_no, basis, amount, currency, recorded_at from %s
                """.formatted(movements);
    }

    /**
     * An insert of adjustments by a vendor's bill, as {@link #preDeductionsFrom}. PostgreSQL finds the month that each falls into. A function
     * of the schema calls {@code ledger_adjust}.
     *
     * @param movements has the columns {@code session_id, task_no, amount, currency, recorded_at, acceptance_id}
     */
    public static String adjustmentsFrom(String movements) {
        return """
                insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, acceptance_id)
                select session_id, 'ADJUSTMENT', task_no, 'VENDOR', amount, currency, recorded_at, acceptance_id from %s
                """.formatted(movements);
    }
}

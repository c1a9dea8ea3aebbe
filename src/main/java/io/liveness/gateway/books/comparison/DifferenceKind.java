package io.liveness.gateway.books.comparison;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How sessions, ledger and events can differ. Each kind has a code, which stands in the database, metrics and logs, and a rule: the
 * condition in SQL under which a row of {@link CompareBooks#DIFFERENCES} shows a difference of that kind.
 */
enum DifferenceKind {
    /** An entry, not an adjustment, of a session that is not there. */
    NO_SESSION("no-session", true, "not there and (pre_amount is not null or end_kind is not null)"),

    /**
     * The vendor accepted an init after the database had lost its attempt, which could not be stored again: the session is not there, is
     * refused, or its key went on to another attempt. The ledger lacks its fee. An opening that was written off has its fee: it is presumed.
     */
    EVENT_WITHOUT_SESSION("event-without-session", true, "accepted_late and not lost"),

    /** Status and charge status that do not go together. */
    STATUS_AGAINST_FEE("status-against-fee", true, """
            (status, charge_status) not in (
                ('OPENING', 'NONE'), ('REJECTED', 'NONE'), ('PENDING', 'NONE'), ('PENDING', 'PRE_DEDUCTED'),
                ('UNKNOWN', 'UNCONFIRMED'), ('UNKNOWN', 'REFUNDED'), ('PASSED', 'NONE'), ('PASSED', 'CHARGED'),
                ('NOT_PASSED', 'NONE'), ('NOT_PASSED', 'CHARGED'), ('FAILED', 'NONE'), ('FAILED', 'REFUNDED'),
                ('EXPIRED', 'NONE'), ('EXPIRED', 'REFUNDED'))"""),

    /** A fee was taken by the session's word, and the ledger has no pre-deduction. */
    PRE_DEDUCTION_MISSING("pre-deduction-missing", true, "charge_status <> 'NONE' and pre_amount is null"),

    /** The fee has ended by the session's word, and the ledger has no ending. */
    ENDING_MISSING("ending-missing", true, "charge_status in ('CHARGED', 'REFUNDED') and end_kind is null"),

    /** A charge where the session says refunded, or a refund where it says charged. */
    ENDING_WRONG("ending-wrong", true, "(charge_status, end_kind) in (('CHARGED', 'REFUND'), ('REFUNDED', 'CHARGE'))"),

    /** A pre-deduction or an ending that the session knows nothing of. */
    ENTRY_UNFOUNDED("entry-unfounded", true, """
            charge_status = 'NONE' and pre_amount is not null
            or charge_status not in ('CHARGED', 'REFUNDED') and end_kind is not null"""),

    /** Session, pre-deduction and ending do not have one amount and currency. */
    AMOUNT_WRONG("amount-wrong", true, """
            there and (
                (fee_amount is null or fee_currency is null) <> (charge_status = 'NONE')
                or pre_amount is not null and (pre_amount, pre_currency) is distinct from (fee_amount, fee_currency)
                or end_kind is not null and (end_amount, end_currency) is distinct from (fee_amount, fee_currency))"""),

    /** An entry has another task number than the session. */
    TASK_NO_WRONG("task-no-wrong", true, """
            there and (pre_amount is not null and pre_task_no is distinct from task_no
                or end_kind is not null and end_task_no is distinct from task_no)"""),

    /** The event of the session's last move, or of its opening, is missing. */
    EVENT_MISSING("event-missing", false, """
            there and case status
                when 'OPENING' then not stored
                when 'REJECTED' then not rejected
                when 'PENDING' then not opened
                when 'UNKNOWN' then not lost or charge_status = 'REFUNDED' and not written_off
                else not (opened and case when verdict_code is null then written_off else settled end) end"""),

    /** An event tells of a move that the session has not made. */
    EVENT_CONTRADICTS("event-contradicts", false, """
            there and (
                (settled or written_off) and (ended_status, ended_charge) is distinct from (status, charge_status)
                or opened and (status in ('OPENING', 'REJECTED', 'UNKNOWN')
                    or (opened_charge = 'NONE') is distinct from (charge_status = 'NONE'))
                or lost and status <> 'UNKNOWN')"""),

    /** An unsettled session that is not on the schedule, so that its verdict would be lost; or a settled one that is not among the ended. */
    SCHEDULE_WRONG(
            "schedule-wrong",
            false,
            "there and (scheduled_as is distinct from case when " + DifferenceKind.UNENDED + " then status end"
                    + " or ended_as is distinct from case when not " + DifferenceKind.UNENDED + " then status end)"),

    /** The token's life, the grace and a margin have passed, and the session or its fee has not ended. */
    OVERDUE("overdue", false, "init_at <= due_before and " + DifferenceKind.UNENDED);

    /** Neither a verdict nor the end of a fee is recorded. */
    static final String UNENDED = "(status in ('OPENING', 'PENDING') or charge_status = 'UNCONFIRMED')";

    private final String code;
    private final boolean ledger;
    private final String rule;

    DifferenceKind(String code, boolean ledger, String rule) {
        this.code = code;
        this.ledger = ledger;
        this.rule = rule;
    }

    String code() {
        return code;
    }

    /** The SQL list of the codes that count as an imbalance of the ledger. */
    static String ofLedger() {
        return Arrays.stream(values())
                .filter(kind -> kind.ledger)
                .map(kind -> "'" + kind.code + "'")
                .collect(Collectors.joining(", "));
    }

    /** The SQL columns, one for each kind: how many differences of that kind there are. */
    static String counts() {
        return Arrays.stream(values())
                .map(kind -> "count(*) filter (where kind = '" + kind.code + "') as \"" + kind.code + "\"")
                .collect(Collectors.joining(",\n"));
    }

    /** Elements of an array in SQL: the code of each kind whose rule says that there is a difference, else null. */
    static String rules() {
        return Arrays.stream(values())
                .map(kind -> "case when %s then '%s' end".formatted(kind.rule, kind.code))
                .collect(Collectors.joining(",\n"));
    }
}

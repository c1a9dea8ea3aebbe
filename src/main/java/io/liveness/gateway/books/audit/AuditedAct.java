package io.liveness.gateway.books.audit;

import java.util.Locale;

/** An act on the books or their rules. Its code is stored and never reused for another act. */
public enum AuditedAct {
    /** Of a caller; detail {@code amount}, {@code currency}, {@code hardStop}. */
    BUDGET_SET,
    /** Of a caller. */
    BUDGET_REMOVED,
    /** Of a month. */
    PERIOD_SOFT_CLOSED,
    /** Of a month; detail {@code rows}, {@code sha256} of its proof, that of its {@code archive}, {@code warnings}. */
    PERIOD_CLOSED,
    /** Of all rows that a filter fits, as a file; its subject is the list, detail {@code type} and the parameters of the request. */
    EXPORTED,
    /** Of a statement; detail {@code sha256} of its file, {@code mapping}, {@code lines}, {@code supersedes} where it does. */
    STATEMENT_IMPORTED,
    /**
     * Of a statement; written by the database; detail {@code reason}, {@code undone} acceptances, {@code minorAmounts} taken back, {@code
     * proposedBy}.
     */
    STATEMENT_WITHDRAWN,
    /** Of a statement whose adjustments two people have confirmed; detail {@code reason}. */
    STATEMENT_WITHDRAWAL_PROPOSED,
    /** Of a statement whose withdrawal, or the proposal of it, was taken back at once; detail {@code reason}, {@code restored} acceptances. */
    STATEMENT_RESTORED,
    /** As a withdrawal. */
    STATEMENT_SUPERSEDED,
    /** Of a mapping of columns; detail {@code sha256} of its definition. */
    STATEMENT_MAPPING_SET,
    /** Of a mapping of columns. */
    STATEMENT_MAPPING_REMOVED,
    /** Of a difference; detail {@code statement}, {@code minorAmount}, {@code currency}, {@code state}, {@code reason}. */
    DIFFERENCE_ACCEPTED,
    /** Of a difference; detail as that of its acceptance. */
    DIFFERENCE_CONFIRMED,
    /** Of a difference that a second person had confirmed; detail as that of its acceptance, {@code reason} of the proposal. */
    DIFFERENCE_UNACCEPT_PROPOSED,
    /** Of a difference; detail {@code statement}, {@code note}, {@code assignee}. */
    DIFFERENCE_NOTED,
    /** Of a difference; detail as that of its acceptance, {@code reason} of the undoing. */
    DIFFERENCE_UNACCEPTED,
    /** Of a difference whose undoing or confirmation was taken back at once; detail as that of its acceptance. */
    DIFFERENCE_RESTORED,
    /** Of a line; detail {@code statement}, {@code sessionId}, {@code kind} before, {@code reason}. */
    DIFFERENCE_MATCHED,
    /** Of a line; detail as that of its match, {@code reason} of the undoing. */
    DIFFERENCE_UNMATCHED;

    /** As it is stored and told, for example {@code budget-set}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Of its {@link #code}. */
    public static AuditedAct of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}

package io.liveness.gateway.books.audit;

import java.util.Locale;

/** An act on the books or their rules. Its code is stored and never reused for another act. */
public enum AuditedAct {
    /** A budget of a caller was set; detail {@code amount}, {@code currency}, {@code hardStop}. */
    BUDGET_SET,
    /** The budget of a caller was removed. */
    BUDGET_REMOVED,
    /** A month was closed softly. */
    PERIOD_SOFT_CLOSED,
    /** The close of a month was proposed in spite of findings; detail {@code reason}, {@code findings}. */
    PERIOD_CLOSE_PROPOSED,
    /** The proposal to close a month was declined; detail {@code proposedBy}. */
    PERIOD_CLOSE_DECLINED,
    /**
     * A month was closed; detail {@code rows} and {@code sha256} of its proof, {@code archive} (SHA-256 of that file), {@code warnings}; by
     * two people also {@code findings}, {@code proposedBy}, {@code reason}.
     */
    PERIOD_CLOSED,
    /** A list was sent as a file to a reader who sees all callers; the subject is the list, detail {@code type} and the parameters. */
    EXPORTED,
    /** A statement was imported; detail {@code sha256} of its file, {@code mapping}, {@code lines}, {@code supersedes} where it does. */
    STATEMENT_IMPORTED,
    /**
     * A statement was withdrawn, written by a trigger; detail {@code reason}, {@code undone} acceptances, {@code minorAmounts} taken back,
     * {@code proposedBy}.
     */
    STATEMENT_WITHDRAWN,
    /** The withdrawal of a statement was proposed, which takes two people; detail {@code reason}. */
    STATEMENT_WITHDRAWAL_PROPOSED,
    /** The proposal to withdraw a statement was declined. */
    STATEMENT_WITHDRAWAL_DECLINED,
    /**
     * A statement was replaced by another one; a trigger writes it; detail {@code reason}, {@code undone} acceptances,
     * {@code minorAmounts} taken back, {@code proposedBy}.
     */
    STATEMENT_SUPERSEDED,
    /**
     * The invoice of a statement was stated; detail what changed of {@code number}, {@code date}, {@code total}, {@code tax},
     * {@code taxRate}, {@code paidOn}, and what it was before, each with {@code Before} behind its name.
     */
    STATEMENT_INVOICE_SET,
    /** A mapping of columns was set; detail {@code sha256} of its definition. */
    STATEMENT_MAPPING_SET,
    /** A mapping of columns was removed. */
    STATEMENT_MAPPING_REMOVED,
    /**
     * A difference was accepted, or its acceptance proposed; detail {@code statement}, {@code minorAmount}, {@code minorWaived} where
     * something is, {@code currency}, {@code state}, {@code reason}. So it is of the acts upon that acceptance.
     */
    DIFFERENCE_ACCEPTED,
    /**
     * A second person confirmed a proposal; detail {@code statement}, {@code minorAmount}, {@code currency}, {@code state}, {@code reason}.
     */
    DIFFERENCE_CONFIRMED,
    /**
     * Undoing a confirmed acceptance was proposed; detail {@code statement}, {@code minorAmount}, {@code currency}, {@code state},
     * {@code reason} of the proposal.
     */
    DIFFERENCE_UNACCEPT_PROPOSED,
    /**
     * The proposal to undo a confirmed acceptance was declined; detail {@code statement}, {@code minorAmount}, {@code currency},
     * {@code state}, {@code reason} of the proposal.
     */
    DIFFERENCE_UNACCEPT_DECLINED,
    /** A difference was noted; detail {@code statement}, {@code note}, {@code assignee}. */
    DIFFERENCE_NOTED,
    /**
     * An acceptance was undone; detail {@code statement}, {@code minorAmount}, {@code currency}, {@code state}, {@code reason} of the
     * undoing.
     */
    DIFFERENCE_UNACCEPTED,
    /** A line was matched with a session by hand; detail {@code statement}, {@code sessionId}, {@code kind} before, {@code reason}. */
    DIFFERENCE_MATCHED,
    /** A match by hand was undone; detail {@code statement}, {@code sessionId}, {@code kind} before the match, {@code reason}. */
    DIFFERENCE_UNMATCHED;

    /** The code that is stored and told, for example {@code budget-set}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package io.liveness.gateway.session;

/**
 * What may happen to a session. Answers of the contract list these types as an enum, so version 1 gets no further one: see
 * {@link DataEventRow}.
 */
public enum EventType {
    /** The intent was stored; init follows. */
    OPENING,
    /** The vendor issued a token. */
    OPENED,
    /** Init certainly took no fee. */
    REJECTED,
    /** Init may have taken a fee and its answer was lost. */
    OUTCOME_UNKNOWN,
    /** The vendor was asked for a verdict. One at the end of the session has the number of polls; before it the first ones that failed. */
    CHECKED,
    /** A verdict was recorded, and with it the end of the fee. */
    SETTLED,
    /** A later answer differs from what is recorded, which stays. */
    CONTRADICTED,
    /** The vendor could not be asked, or its answer was lost: the fee counts as returned. */
    WRITTEN_OFF,
    /** The address of the face image was erased: a caller asked for it, or its retention was over. */
    FACE_REDACTED
}

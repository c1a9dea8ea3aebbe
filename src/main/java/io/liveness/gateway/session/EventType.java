package io.liveness.gateway.session;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What may happen to a session. Answers of the contract list these types as an enum, so version 1 gets no further one: see
 * {@link DataEventRow}.
 */
@Schema(
        description =
                "The kind of event. OPENING: the intent was stored; init follows. OPENED: the vendor issued a token."
                        + " REJECTED: no fee was taken. OUTCOME_UNKNOWN: init's answer was lost. CHECKED: the vendor was asked"
                        + " for a verdict; polls without one are counted, and the event at the end of the session has their"
                        + " number. SETTLED: a verdict was recorded. CONTRADICTED: a later answer differs from the"
                        + " recorded one; the recorded one stays. WRITTEN_OFF: the vendor can no longer be asked; the fee"
                        + " counts as refunded. FACE_REDACTED: the address of the face image was erased.")
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

package io.liveness.gateway.session;

/** What may happen to the personal data of a session. Answers of the contract have its name as text, so that types can be added. */
public enum DataEventType {
    /** The face image was passed on; recorded before its first byte. */
    FACE_VIEWED,
    /** The address of the face image was erased. {@link EventType} has it too. */
    FACE_REDACTED,
    /** The data of the request was erased. */
    THINNED,
    /** The data of the request was erased, since the caller asked for the erasure of a person. Callers are told of it. */
    ERASED
}

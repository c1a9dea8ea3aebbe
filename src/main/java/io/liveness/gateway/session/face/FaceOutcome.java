package io.liveness.gateway.session.face;

/** How the fetch of a face image ends. */
public enum FaceOutcome {
    /** All of it was passed on. */
    STREAMED,
    /** It is gone, here or at the vendor. */
    GONE,
    /** Its address is not allowed, or what is there is no face image we pass on. */
    REFUSED,
    /** The vendor could not be reached, or not in time. */
    UNAVAILABLE,
    /** As many fetches as allowed were under way. */
    BUSY,
    /** The view could not be recorded, so that nothing was passed on. */
    UNRECORDED,
    /** Its stored address cannot be read: an encryption key is missing. */
    UNREADABLE,
    /** It was cut off, which the caller can detect. */
    BROKEN,
    /** The caller left. */
    ABANDONED
}

package io.liveness.gateway.privacy.face;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import java.time.Duration;

/** How the fetch of a face image ends. */
public enum FaceOutcome {
    /** All of it was passed on. */
    STREAMED,
    /** The image is gone, here or at the vendor. */
    GONE,
    /** The image's address is not allowed, or what is there is no face image we pass on. */
    REFUSED,
    /** The vendor could not be reached, or not in time. */
    UNAVAILABLE,
    /** All places for fetches were taken, those of the caller or those of all. */
    BUSY,
    /** The view could not be recorded, so that nothing was passed on. */
    UNRECORDED,
    /** The stored address cannot be read: an encryption key is missing. */
    UNREADABLE,
    /** The answer was cut off, which the caller can detect. */
    BROKEN,
    /** The caller left. */
    ABANDONED;

    /** A place is free in moments, when a fetch ends. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final Duration LATER = Duration.ofSeconds(5);

    /** Why there is no face image, and what the caller does next. */
    ProblemException problem() {
        return switch (this) {
            case GONE ->
                new ProblemException(
                        ProblemCode.GONE, "The face image was redacted, or the vendor no longer has it or gave none.");
            case REFUSED ->
                new ProblemException(
                        ProblemCode.FACE_IMAGE_REFUSED,
                        "The vendor's answer is not an allowed face image and is not forwarded; tell operations the requestId.");
            case BUSY -> unavailable("Too many face images are being fetched", SOON);
            case UNRECORDED ->
                new ProblemException(
                                ProblemCode.UNAVAILABLE,
                                "The view of the face image cannot be recorded now; send the request again after Retry-After seconds.")
                        .retryAfter(LATER);
            case UNREADABLE ->
                new ProblemException(
                        ProblemCode.INTERNAL_ERROR,
                        "The face image's stored address cannot be read; tell operations the requestId.");
            case UNAVAILABLE, BROKEN, ABANDONED, STREAMED ->
                unavailable("The face image cannot be fetched from the vendor now", LATER);
        };
    }

    /** @param atMost at once, of one caller */
    static ProblemException tooMany(int atMost) {
        return new ProblemException(
                        ProblemCode.RATE_LIMITED,
                        "At most " + atMost
                                + " face images are fetched at a time; send the request again after Retry-After seconds.")
                .usedUp("faces", atMost)
                .retryAfter(SOON);
    }

    private static ProblemException unavailable(String why, Duration wait) {
        return new ProblemException(
                        ProblemCode.VENDOR_UNAVAILABLE, why + "; send the request again after Retry-After seconds.")
                .retryAfter(wait);
    }
}

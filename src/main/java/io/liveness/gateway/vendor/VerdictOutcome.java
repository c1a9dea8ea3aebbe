package io.liveness.gateway.vendor;

import java.util.Optional;

/** The outcome of a poll. A poll costs nothing and may be repeated. */
public sealed interface VerdictOutcome {

    /** The vendor's number of this result request (taskNo), as far as it was answered. */
    Optional<String> taskNo();

    /**
     * The vendor's final verdict.
     *
     * @param faceImageUrl the face image, only with {@link Verdict#PASSED}
     */
    record Final(
            Verdict verdict,
            String message,
            BillingFlag charge,
            Optional<Confidential> faceImageUrl,
            Optional<String> taskNo)
            implements VerdictOutcome {}

    /** The vendor has no result yet (201). */
    record NotYet(Optional<String> taskNo) implements VerdictOutcome {}

    /**
     * No usable answer: the session keeps to its timetable.
     *
     * @param code the vendor's code, when there was one
     * @param slowDown the vendor asks to be called less (500, 606, 609)
     */
    record NoAnswer(Optional<Integer> code, boolean slowDown, String reason, Optional<String> taskNo)
            implements VerdictOutcome {}
}

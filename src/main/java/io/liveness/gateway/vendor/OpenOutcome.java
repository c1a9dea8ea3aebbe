package io.liveness.gateway.vendor;

import java.util.Optional;

/** The outcome of an attempt to open a check. Anything that is not certainly one of the first two is {@link Unknown}. */
public sealed interface OpenOutcome {

    /** The vendor's number of the init request (taskNo), as far as it was answered. */
    Optional<String> taskNo();

    /** Its name in metrics, logs and events. */
    String label();

    /**
     * The check is open and its token known.
     *
     * @param charge the vendor's word on the fee; {@link BillingFlag#ABSENT} counts as taken (vendor document, 计费说明)
     */
    record Accepted(Confidential token, Confidential checkUrl, BillingFlag charge, Optional<String> taskNo)
            implements OpenOutcome {

        @Override
        public String label() {
            return "accepted";
        }
    }

    /**
     * Certainly no fee was taken: the vendor refused, or it was never reached.
     *
     * @param code the vendor's code; empty when it was never reached
     * @param retryable whether the same order may succeed later as it stands
     * @param reason for people, without any part of the vendor's body beyond its code
     */
    record Refused(Optional<Integer> code, boolean retryable, String reason, Optional<String> taskNo)
            implements OpenOutcome {

        /** The vendor was never reached, which passes. */
        public static Refused unsent(String reason) {
            return new Refused(Optional.empty(), true, reason, Optional.empty());
        }

        @Override
        public String label() {
            return "refused";
        }
    }

    /** A fee may have been taken and there is no token to ask with. */
    record Unknown(Optional<Integer> code, String reason, Optional<String> taskNo) implements OpenOutcome {

        @Override
        public String label() {
            return "unknown";
        }
    }
}

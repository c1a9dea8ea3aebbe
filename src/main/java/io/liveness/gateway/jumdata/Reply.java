package io.liveness.gateway.jumdata;

import io.liveness.gateway.vendor.BillingFlag;
import java.util.Optional;

/** What came back from one call to the vendor. */
sealed interface Reply {

    /**
     * The vendor's JSON, whatever HTTP status and content type it came with. Token and addresses are as they were sent: they
     * may be blank or no address at all.
     */
    record Answer(
            int code,
            String message,
            BillingFlag charge,
            Optional<String> taskNo,
            Optional<String> token,
            Optional<String> checkUrl,
            Optional<String> faceImageUrl)
            implements Reply {

        /** Without token and addresses. */
        @Override
        public String toString() {
            return "Answer[code=" + code + ", charge=" + charge + ", taskNo=" + taskNo + "]";
        }
    }

    /** Something answered, but not with the vendor's JSON. */
    record Foreign(int httpStatus) implements Reply {}

    /** Something answered with more than is read of an answer ({@link AnswerLimit}); the connection was dropped. */
    record TooLong() implements Reply {}

    /** Not one byte of the request left, and none will: {@link Attempt} holds the proof. */
    record NeverConnected() implements Reply {}

    /** It failed when the request may have been under way. */
    record Lost() implements Reply {}

    /** The request was sent and its answer did not come in time. */
    record TimedOut() implements Reply {}
}

package io.liveness.gateway.vendor;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The port to the vendor. Its calls never fail: every error is an outcome. */
public interface LivenessVendor {

    /**
     * Opens a check, which takes a fee. Once any byte of the request may have reached the vendor it is never sent again:
     * the vendor knows no idempotency and a second init is a second fee.
     */
    Uni<OpenOutcome> open(InitParameters order);

    /** Asks for the verdict of the check that holds this token. */
    Uni<VerdictOutcome> poll(Confidential token);

    /** Asks for the verdict over a new connection: a kept one may be dead, and after a final poll there may be no time for another. */
    Uni<VerdictOutcome> finalPoll(Confidential token);

    /** How long a token lives from the moment init was sent; its verdict is lost afterwards. */
    Duration tokenLifetime();

    /** The longest that one call takes, from the first attempt to connect to the last byte of the answer. */
    Duration callTimeout();

    /**
     * What a check is opened with: the business parameters of the vendor's init.
     *
     * @param actions the sequence of actions; empty unless the style is {@link ActionStyle#CUSTOM}
     * @param actionMutex stop at once when another action than the one asked for is made
     * @param antiCameraHack detect a hijacked camera by flashing the screen
     * @param title heading of the vendor's page, at most 32 code points
     */
    record InitParameters(
            ReturnUrl returnUrl,
            ActionStyle actionStyle,
            List<Action> actions,
            boolean actionMutex,
            boolean antiCameraHack,
            Optional<String> title) {

        public InitParameters {
            actions = List.copyOf(actions);
        }
    }

    /** The outcome of an attempt to open a check. Anything that is not certainly one of the first two is {@link Unknown}. */
    sealed interface OpenOutcome {

        /** The vendor's number of the init request (taskNo), as far as it was answered. */
        Optional<String> taskNo();

        /** The vendor's name in metrics, logs and events. */
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

    /** The outcome of a poll. A poll costs nothing and may be repeated. */
    sealed interface VerdictOutcome {

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

    /** What the vendor finally says of a session (vendor document, code返回码说明 of result). */
    enum Verdict {
        PASSED(200),
        NOT_PASSED(202),
        FAILED(203),
        EXPIRED(301);

        private final int code;

        Verdict(int code) {
            this.code = code;
        }

        /** The vendor's code, which is stored with the session. */
        public int code() {
            return code;
        }
    }

    /** The vendor's field {@code charge} (计费标志) as it was answered; several of its samples omit it. */
    enum BillingFlag {
        BILLED,
        NOT_BILLED,
        ABSENT,
        /** Any other value: it does not prove that nothing was billed. */
        UNCLEAR
    }
}

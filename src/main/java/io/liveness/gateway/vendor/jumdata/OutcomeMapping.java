package io.liveness.gateway.vendor.jumdata;

import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.liveness.gateway.vendor.jumdata.VendorCall.Reply;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What we know after a call, for everything that the vendor or the network can do. It is total, and its default is that a fee
 * may have been taken. Only the vendor's word {@code charge: false}, or a request that was never sent, allows a second init.
 */
@Singleton
final class OutcomeMapping implements ConfigurationRule {

    private static final String REFUSALS = Arrays.stream(VendorCode.values())
            .filter(VendorCode::refuses)
            .map(code -> String.valueOf(code.value()))
            .collect(Collectors.joining(", "));
    private static final int LONGEST_TEXT = 200;
    private static final Pattern WEB_ADDRESS = Pattern.compile("(?i)https?://[^\\s\\p{Cntrl}/?#][^\\s\\p{Cntrl}]*");
    private static final Pattern CONTROL_CHARACTER = Pattern.compile("\\p{Cntrl}");

    private final Set<Integer> retryableCodes;
    private final Set<Integer> noFeeCodes;

    OutcomeMapping(JumdataConfig config) {
        this.retryableCodes = refusals("jumdata.retryable-codes", config.retryableCodes());
        this.noFeeCodes = refusals("jumdata.no-fee-codes", config.noFeeCodes().orElse(Set.of()));
    }

    private static Set<Integer> refusals(String property, Set<Integer> codes) {
        for (int code : codes) {
            if (VendorCode.of(code).filter(VendorCode::refuses).isEmpty()) {
                throw new IllegalArgumentException(property + " may contain only refusals of the vendor document ("
                        + REFUSALS + "): " + code + " is not one");
            }
        }
        return Set.copyOf(codes);
    }

    OpenOutcome opened(Reply reply) {
        if (reply instanceof Reply.JsonReply answer) {
            return opened(answer);
        }
        Reply.None none = (Reply.None) reply;
        return none.neverSent()
                ? OpenOutcome.Refused.unsent(none.reason())
                : new OpenOutcome.Unknown(Optional.empty(), none.reason(), Optional.empty());
    }

    private OpenOutcome opened(Reply.JsonReply answer) {
        boolean success = answer.code() == VendorCode.SUCCESS.value();
        Optional<String> checkUrl =
                answer.checkUrl().filter(address -> WEB_ADDRESS.matcher(address).matches());
        if (success && answer.token().isPresent() && checkUrl.isPresent()) {
            return new OpenOutcome.Accepted(
                    new Confidential(answer.token().get()),
                    new Confidential(checkUrl.get()),
                    answer.charge(),
                    taskNo(answer));
        }
        String reason =
                success ? "the vendor answered success (200) without a usable token and checkUrl" : reason(answer);
        return tookNoFee(answer)
                ? new OpenOutcome.Refused(
                        Optional.of(answer.code()),
                        answer.charge() == BillingFlag.NOT_BILLED && retryableCodes.contains(answer.code()),
                        reason,
                        taskNo(answer))
                : new OpenOutcome.Unknown(
                        Optional.of(answer.code()),
                        answer.charge() == BillingFlag.NOT_BILLED
                                ? reason
                                : reason + ", but did not say that nothing was billed",
                        taskNo(answer));
    }

    /**
     * The vendor's document gives every answer of every call the flag {@code charge}, so {@code false} counts with every code, listed or
     * not. With 610 it does not: the vendor has given up waiting for its own answer, and what it says of the fee was said before the end.
     */
    private boolean tookNoFee(Reply.JsonReply answer) {
        return switch (answer.charge()) {
            case NOT_BILLED -> answer.code() != VendorCode.TIMED_OUT.value();
            case ABSENT -> noFeeCodes.contains(answer.code());
            case BILLED, UNCLEAR -> false;
        };
    }

    static VerdictOutcome polled(Reply reply) {
        return reply instanceof Reply.JsonReply answer
                ? polled(answer)
                : new VerdictOutcome.NoAnswer(Optional.empty(), false, ((Reply.None) reply).reason(), Optional.empty());
    }

    private static VerdictOutcome polled(Reply.JsonReply answer) {
        return VendorCode.of(answer.code())
                .map(code -> switch (code) {
                    case SUCCESS -> settled(Verdict.PASSED, answer);
                    case NOT_PASSED -> settled(Verdict.NOT_PASSED, answer);
                    case CHECK_FAILED -> settled(Verdict.FAILED, answer);
                    case TOKEN_EXPIRED -> settled(Verdict.EXPIRED, answer);
                    case NO_RESULT_YET -> new VerdictOutcome.NotYet(taskNo(answer));
                    case MAINTENANCE, QUOTA_EXCEEDED, TOO_FREQUENT -> noAnswer(answer, true);
                    default -> noAnswer(answer, false);
                })
                .orElseGet(() -> noAnswer(answer, false));
    }

    /** Passed without a face image is still passed: the code is the verdict, and the fee is charged. */
    private static VerdictOutcome settled(Verdict verdict, Reply.JsonReply answer) {
        Optional<Confidential> face = answer.faceImageUrl()
                .filter(address -> verdict == Verdict.PASSED)
                .map(Confidential::new);
        return new VerdictOutcome.Final(verdict, plain(answer.message()), answer.charge(), face, taskNo(answer));
    }

    private static VerdictOutcome noAnswer(Reply.JsonReply answer, boolean slowDown) {
        return new VerdictOutcome.NoAnswer(Optional.of(answer.code()), slowDown, reason(answer), taskNo(answer));
    }

    private static Optional<String> taskNo(Reply.JsonReply answer) {
        return answer.taskNo().map(OutcomeMapping::plain);
    }

    /** Fit for storing and for people: PostgreSQL refuses NUL, and a verdict must not be lost for its message. */
    private static String plain(String text) {
        String plain = CONTROL_CHARACTER.matcher(text).replaceAll(" ").strip();
        if (plain.length() <= LONGEST_TEXT) {
            return plain;
        }
        boolean cutsPair = Character.isHighSurrogate(plain.charAt(LONGEST_TEXT - 1));
        return plain.substring(0, cutsPair ? LONGEST_TEXT - 1 : LONGEST_TEXT);
    }

    private static String reason(Reply.JsonReply answer) {
        String meaning =
                VendorCode.of(answer.code()).map(VendorCode::meaning).orElse("a code that is not in its document");
        return "the vendor answered: " + meaning + " (" + answer.code() + ")";
    }

    /** The codes of the vendor document (公共code返回码说明 and the code返回码说明 of result). */
    enum VendorCode {
        SUCCESS(200, "success"),
        NO_RESULT_YET(201, "no result yet"),
        NOT_PASSED(202, "not passed"),
        CHECK_FAILED(203, "the check could not be made"),
        TOKEN_EXPIRED(301, "the token has expired"),
        WRONG_PARAMETER(400, "a parameter is wrong"),
        WRONG_ADDRESS(404, "wrong address"),
        MAINTENANCE(500, "maintenance"),
        NOT_ENABLED(601, "the product is not enabled"),
        ACCOUNT_SUSPENDED(602, "the account is suspended"),
        INTERFACE_SUSPENDED(604, "the interface is suspended"),
        QUOTA_EXCEEDED(606, "the quota is exceeded"),
        IP_NOT_ALLOWED(607, "our IP address is not on the allow-list"),
        TOO_FREQUENT(609, "called too often"),
        TIMED_OUT(610, "the vendor timed out"),
        OTHER(999, "another error");

        private final int value;
        private final String meaning;

        VendorCode(int value, String meaning) {
            this.value = value;
            this.meaning = meaning;
        }

        /** An init with this code was refused, by the code's own meaning: it may be configured as one to retry, or without a fee. */
        boolean refuses() {
            return switch (this) {
                case WRONG_PARAMETER,
                        WRONG_ADDRESS,
                        MAINTENANCE,
                        NOT_ENABLED,
                        ACCOUNT_SUSPENDED,
                        INTERFACE_SUSPENDED,
                        QUOTA_EXCEEDED,
                        IP_NOT_ALLOWED,
                        TOO_FREQUENT -> true;
                default -> false;
            };
        }

        static Optional<VendorCode> of(int value) {
            return Arrays.stream(values()).filter(code -> code.value == value).findFirst();
        }

        int value() {
            return value;
        }

        /** The meaning for people, in our words: the vendor's own text is not passed on. */
        String meaning() {
            return meaning;
        }
    }
}

package io.liveness.gateway.sandbox;

import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The vendor's books: the checks that were opened, every fee it took and every call it received, independent of the gateway's. */
public final class Books {

    private static final int TOKEN_BYTES = 16;

    private final SandboxConfig config;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Check> byToken = new ConcurrentHashMap<>();
    private final Queue<Check> fees = new ConcurrentLinkedQueue<>();
    private final Queue<CallTime> calls = new ConcurrentLinkedQueue<>();
    private final Set<String> attempted = ConcurrentHashMap.newKeySet();

    /** What has become of a fee taken at init (vendor document, 计费说明). */
    public enum FeeState {
        PRE_DEDUCTED("预扣"),
        CHARGED("实扣"),
        REFUNDED("退回");

        private final String word;

        FeeState(String word) {
            this.word = word;
        }

        /** The word on the vendor's statement. */
        String word() {
            return word;
        }
    }

    /**
     * One fee, as it stands at the time of reading.
     *
     * @param taskNo of the init that took the fee
     * @param token a secret; the caller may never have seen it
     * @param amount minor units (分)
     * @param resultCalls how often result was asked with this token
     * @param answerLost whether init's answer was dropped, withheld or made unreadable
     */
    public record BookRow(
            String taskNo,
            String token,
            String returnUrl,
            Optional<String> title,
            Instant openedAt,
            FeeState status,
            Optional<Instant> settledAt,
            BigDecimal amount,
            int resultCalls,
            boolean answerLost) {

        /** The text leaves out the token. */
        @Override
        public String toString() {
            return "BookRow[" + taskNo + ", " + status + ", " + title.orElse("") + ", " + openedAt + "]";
        }
    }

    /** The vendor's two calls. */
    public enum Call {
        INIT,
        RESULT
    }

    /**
     * When a call arrived, before anything about it was checked.
     *
     * @param nanos of {@link System#nanoTime()}, to measure rates whatever the clock is set to
     */
    public record CallTime(Call call, long nanos) {}

    Books(SandboxConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /** Opens a check, and pre-deducts its fee where the scenario says so. */
    Check open(String taskNo, InitOrder order) {
        Instant now = clock.instant();
        Check check = new Check(new Check.Opening(
                taskNo,
                newToken(),
                order,
                order.drawActions(random),
                now,
                now.plus(config.tokenLifetime()),
                now.plus(config.lateVerdictAfter())));
        byToken.put(check.opening().token(), check);
        if (order.scenario().init().fee()) {
            fees.add(check);
        }
        return check;
    }

    /** 32 hexadecimal digits, as in the document's checkUrl. */
    private String newToken() {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        return HexFormat.of().formatHex(token);
    }

    Optional<Check> find(String token) {
        return Optional.ofNullable(byToken.get(token));
    }

    /** For {@link Scenario#CODE_609_ONCE}: whether this returnUrl was never asked about before. */
    boolean firstAttempt(String returnUrl) {
        return attempted.add(returnUrl);
    }

    void received(Call call) {
        calls.add(new CallTime(call, System.nanoTime()));
    }

    /** Every fee taken, oldest first, with refunds at expiry worked out for the present moment. */
    public List<BookRow> rows() {
        Instant now = clock.instant();
        return fees.stream().map(check -> check.row(now, config.price())).toList();
    }

    /** When each call arrived, in order of arrival. */
    public List<CallTime> callTimes() {
        return List.copyOf(calls);
    }

    /** Init calls received, refused ones included. */
    public long initCalls() {
        return count(Call.INIT);
    }

    /** Result calls received, refused ones included. */
    public long resultCalls() {
        return count(Call.RESULT);
    }

    private long count(Call call) {
        return calls.stream().filter(received -> received.call() == call).count();
    }

    void clear() {
        byToken.clear();
        fees.clear();
        calls.clear();
        attempted.clear();
    }
}

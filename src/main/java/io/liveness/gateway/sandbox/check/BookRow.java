package io.liveness.gateway.sandbox.check;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * One fee in the vendor's books, as it stands at the time of reading.
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

    /** Without the token. */
    @Override
    public String toString() {
        return "BookRow[" + taskNo + ", " + status + ", " + title.orElse("") + ", " + openedAt + "]";
    }
}

package io.liveness.gateway.events.webhook;

import io.liveness.gateway.events.receiver.Receivers.Answer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An attempt of a delivery, as it is recorded.
 *
 * @param pause before the next attempt; zero where there is none
 */
record Attempt(LeasedDelivery delivery, Result result, Duration pause, Instant at, Answer answer) {

    /** What becomes of the delivery. */
    enum Result {
        /** The receiver has it. */
        DELIVERED,
        /** It is attempted again. */
        RETRY,
        /** That was the last attempt. */
        FAILED,
        /** The receiver answered 410: it wants no more of any. */
        GONE
    }

    private static final int GONE = 410;

    static Attempt of(LeasedDelivery delivery, Instant at, Answer answer, RetryPauses pauses) {
        int status = answer.httpStatus().orElse(0);
        if (status >= 200 && status < 300) {
            return new Attempt(delivery, Result.DELIVERED, Duration.ZERO, at, answer);
        }
        if (status == GONE) {
            return new Attempt(delivery, Result.GONE, Duration.ZERO, at, answer);
        }
        Optional<Duration> pause = pauses.after(delivery.attempt() + 1, answer.retryAfter());
        return new Attempt(
                delivery, pause.isPresent() ? Result.RETRY : Result.FAILED, pause.orElse(Duration.ZERO), at, answer);
    }

    /** Null after a success. */
    String error() {
        return result == Result.DELIVERED
                ? null
                : answer.error().orElseGet(() -> "HTTP " + answer.httpStatus().getAsInt());
    }

    /** As it stands in the list of attempts. */
    JsonObject stored() {
        JsonObject stored = new JsonObject().put("at", at.toString());
        answer.httpStatus().ifPresent(status -> stored.put("httpStatus", status));
        answer.error().ifPresent(error -> stored.put("error", error));
        return stored.put("millis", answer.took().toMillis());
    }
}

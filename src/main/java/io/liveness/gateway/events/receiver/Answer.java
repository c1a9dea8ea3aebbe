package io.liveness.gateway.events.receiver;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an attempt ended: with an HTTP status, or with an error before there was one.
 *
 * @param httpStatus any of HTTP's; redirects are not followed
 * @param error a stable text in plain words, without addresses and without anything that the receiver sent
 * @param retryAfter how long the receiver wants not to be called
 * @param took from the beginning to the end of the answer, or to the error
 */
public record Answer(OptionalInt httpStatus, Optional<String> error, Optional<Duration> retryAfter, Duration took) {

    static Answer of(int status, Optional<Duration> retryAfter, Duration took) {
        return new Answer(OptionalInt.of(status), Optional.empty(), retryAfter, took);
    }

    static Answer failed(String error, Duration took) {
        return new Answer(OptionalInt.empty(), Optional.of(error), Optional.empty(), took);
    }
}

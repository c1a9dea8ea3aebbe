package io.liveness.gateway.events.webhook;

import io.liveness.gateway.events.WebhookConfig;
import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** When a delivery is attempted again: {@code liveness.webhook.retries}, each with a fifth more or less. */
@Singleton
class RetryPauses implements ConfigurationRule {

    private static final double JITTER = 0.2;

    private final List<Duration> pauses;
    private final DoubleSupplier random;

    @Inject
    RetryPauses(WebhookConfig config) {
        this(config.retries(), () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @param random from 0 to 1 */
    RetryPauses(List<Duration> pauses, DoubleSupplier random) {
        if (pauses.stream().anyMatch(pause -> pause.isNegative() || pause.isZero())) {
            throw new IllegalArgumentException("liveness.webhook.retries must be positive durations, but is " + pauses);
        }
        this.pauses = List.copyOf(pauses);
        this.random = random;
    }

    /**
     * Returns the pause before the next attempt, empty after the last one.
     *
     * @param attempts how many there were, at least one
     * @param askedFor the receiver's {@code Retry-After}
     */
    Optional<Duration> after(int attempts, Optional<Duration> askedFor) {
        if (attempts > pauses.size()) {
            return Optional.empty();
        }
        double factor = 1 - JITTER + 2 * JITTER * random.getAsDouble();
        Duration pause = Duration.ofMillis((long) (pauses.get(attempts - 1).toMillis() * factor));
        Duration asked = askedFor.orElse(Duration.ZERO);
        return Optional.of(asked.compareTo(pause) > 0 ? asked : pause);
    }
}

package io.liveness.gateway.events;

import io.liveness.gateway.events.receiver.ReceiverConfig;
import jakarta.inject.Singleton;
import java.time.Duration;

/** How long a delivery is leased: longer than the longest attempt and its recording. */
@Singleton
public class LeaseTime {

    private static final Duration RECORDING = Duration.ofSeconds(20);

    private final double millis;

    LeaseTime(ReceiverConfig config) {
        this.millis = config.timeout().plus(RECORDING).toMillis();
    }

    /** As a parameter of a statement. */
    public double millis() {
        return millis;
    }
}

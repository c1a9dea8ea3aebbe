package io.liveness.gateway.platform;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * What was read last, for gauges. It has no value before the first reading, and none after a reading that failed.
 *
 * @param <T> of the reading
 */
public final class LastReading<T> {

    private volatile Optional<T> last = Optional.empty();

    /** A figure of it for a gauge; {@link Double#NaN} while there is no value. */
    public double figure(ToDoubleFunction<T> figure) {
        return last.map(figure::applyAsDouble).orElse(Double.NaN);
    }

    /** Reads and keeps it, where it is called. Never fails. */
    public void keep(Supplier<T> reading) {
        try {
            last = Optional.of(reading.get());
        } catch (RuntimeException notRead) {
            last = Optional.empty();
        }
    }

    /** Keeps what is read. Never fails. */
    public Uni<Void> keep(Uni<T> reading) {
        return reading.map(Optional::of)
                .onFailure()
                .recoverWithItem(Optional.empty())
                .invoke(read -> last = read)
                .replaceWithVoid();
    }
}

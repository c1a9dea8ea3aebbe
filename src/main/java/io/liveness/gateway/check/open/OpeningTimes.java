package io.liveness.gateway.check.open;

import io.liveness.gateway.platform.TimeBuckets;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/** Times opens for which init was sent or refused: the whole of it, and without the vendor's part ({@code liveness.opening}). */
@Startup // its metrics are there from the start
@Singleton
class OpeningTimes {

    private final Timer whole;
    private final Timer gateway;

    OpeningTimes(MeterRegistry registry) {
        this.whole = timer("whole").register(registry);
        this.gateway = timer("gateway").register(registry);
    }

    private static Timer.Builder timer(String part) {
        return TimeBuckets.timer("liveness.opening", "Duration of opens: in total, and without the vendor's part")
                .tag("part", part);
    }

    Watch start() {
        return new Watch();
    }

    /** The time of one open. */
    final class Watch {

        private final long begun = System.nanoTime();
        private volatile long vendorNanos;

        private Watch() {}

        /** Returns the call with its time counted as the vendor's. */
        <T> Uni<T> vendor(Uni<T> call) {
            return Uni.createFrom().deferred(() -> {
                long sent = System.nanoTime();
                return call.onTermination().invoke(() -> vendorNanos = System.nanoTime() - sent);
            });
        }

        void stop() {
            long nanos = System.nanoTime() - begun;
            whole.record(nanos, TimeUnit.NANOSECONDS);
            gateway.record(nanos - vendorNanos, TimeUnit.NANOSECONDS);
        }
    }
}

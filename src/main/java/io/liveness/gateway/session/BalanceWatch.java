package io.liveness.gateway.session;

import io.liveness.gateway.billing.Balance;
import io.liveness.gateway.vendor.LivenessVendor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Watches the books in the background: {@code liveness.ledger.imbalance}, the currencies that do not balance, and
 * {@code liveness.ledger.overdue}, the fees in minor units that should have ended and are open, must both be 0. Neither has a
 * value while the database cannot be asked.
 */
@Singleton
class BalanceWatch {

    private static final Logger LOG = Logger.getLogger(BalanceWatch.class);

    private static final Duration MARGIN = Duration.ofMinutes(15);
    // What is overdue stays in sight for a day; bounded, so that the cost does not grow with history.
    private static final Duration SIGHT = Duration.ofDays(1);

    private final Balance balance;
    private final Clock clock;
    private final Duration longestOpen;
    private volatile double imbalance = Double.NaN;
    private volatile double overdue = Double.NaN;

    BalanceWatch(Balance balance, Clock clock, LivenessVendor vendor, SessionConfig config, MeterRegistry registry) {
        this.balance = balance;
        this.clock = clock;
        this.longestOpen = vendor.tokenLifetime().plus(config.expiryGrace()).plus(MARGIN);
        Gauge.builder("liveness.ledger.imbalance", () -> imbalance).register(registry);
        Gauge.builder("liveness.ledger.overdue", () -> overdue).register(registry);
    }

    @NonBlocking
    @Scheduled(identity = "balance", every = "1m", delayed = "10s")
    Uni<Void> watch() {
        Instant now = clock.instant();
        Instant due = now.minus(longestOpen);
        return Uni.combine()
                .all()
                .unis(balance.of(due, now), balance.of(due.minus(SIGHT), due))
                .asTuple()
                .invoke(spans -> report(spans.getItem1(), spans.getItem2()))
                .replaceWithVoid()
                .onFailure()
                .invoke(this::unknown)
                .onFailure()
                .recoverWithNull();
    }

    private void report(List<Balance.Line> recent, List<Balance.Line> ended) {
        imbalance = broken(recent) + broken(ended);
        overdue = ended.stream().mapToLong(Balance.Line::open).sum();
        if (overdue > 0) {
            LOG.errorf("ledger.overdue %s", ended);
        }
    }

    private static long broken(List<Balance.Line> lines) {
        return lines.stream()
                .filter(line -> !line.holds())
                .peek(line -> LOG.errorf("ledger.imbalanced %s", line))
                .count();
    }

    private void unknown(Throwable failure) {
        imbalance = Double.NaN;
        overdue = Double.NaN;
        LOG.error("balance.failed", failure);
    }
}

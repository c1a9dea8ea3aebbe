package io.liveness.gateway.billing;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Checks the balance in the background; the metric {@code liveness.ledger.imbalance} must be 0, and alerts when it is not. */
@Singleton
class BalanceWatch {

    private static final Logger LOG = Logger.getLogger(BalanceWatch.class);

    // Longer than a fee stays open, so that each is seen to end; bounded, so that the cost does not grow with history.
    private static final Duration SPAN = Duration.ofHours(6);

    private final Balance balance;
    private final Clock clock;
    private final AtomicLong imbalance;

    BalanceWatch(Balance balance, Clock clock, MeterRegistry registry) {
        this.balance = balance;
        this.clock = clock;
        this.imbalance = registry.gauge("liveness.ledger.imbalance", new AtomicLong());
    }

    @NonBlocking
    @Scheduled(identity = "balance", every = "1m", delayed = "10s")
    Uni<Void> watch() {
        Instant now = clock.instant();
        return balance.of(now.minus(SPAN), now)
                .invoke(this::report)
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> LOG.error("balance.failed", failure))
                .onFailure()
                .recoverWithNull();
    }

    private void report(List<Balance.Line> lines) {
        List<Balance.Line> broken = lines.stream().filter(line -> !line.holds()).toList();
        imbalance.set(broken.size());
        broken.forEach(line -> LOG.errorf("ledger.imbalanced %s", line));
    }
}

package io.liveness.gateway.notification.delivery;

import io.liveness.gateway.notification.Outbox;
import io.liveness.gateway.notification.WebhookConfig;
import io.liveness.gateway.platform.UnderWay;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Delivers what is due, on every replica: with each tick, when deliveries were written here, and when a delivery ended while more may be due.
 * An endpoint has a few deliveries under way at a time, so a slow one delays no other.
 */
@Startup
@Singleton
class DeliverWebhooks {

    private static final Logger LOG = Logger.getLogger(DeliverWebhooks.class);

    // Attempts that are not recorded by then are made again by another replica.
    private static final long STOP_SECONDS = 5;

    private final LeaseDeliveries leases;
    private final SendWebhook send;
    private final RecordAttempts record;
    private final UnderWay underWay;
    private final Map<UUID, Integer> busy = new ConcurrentHashMap<>();
    private final AtomicBoolean leasing = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private volatile boolean moreMayBeDue;
    private volatile boolean stopped;

    DeliverWebhooks(
            LeaseDeliveries leases, SendWebhook send, RecordAttempts record, WebhookConfig config, Outbox outbox) {
        this.leases = leases;
        this.send = send;
        this.record = record;
        this.underWay = new UnderWay(config.maxConcurrent());
        outbox.onFilled(this::begin);
    }

    @NonBlocking
    @Scheduled(
            identity = "webhooks",
            every = "${liveness.webhook.every:1s}",
            concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> tick() {
        return lease();
    }

    private void begin() {
        lease().subscribe().with(done -> {});
    }

    /** Leases and begins what is due, as far as there is room. Never fails. One lease is under way at a time. */
    private Uni<Void> lease() {
        return Uni.createFrom().deferred(() -> {
            again.set(true);
            if (stopped || !leasing.compareAndSet(false, true)) {
                return Uni.createFrom().voidItem();
            }
            again.set(false);
            return leaseOnce()
                    .onFailure()
                    .invoke(failure -> LOG.errorf("webhooks.not-leased %s", failure.getMessage()))
                    .onFailure()
                    .recoverWithNull()
                    .onTermination()
                    .invoke(() -> leasing.set(false))
                    // What came meanwhile may have been written after the lease.
                    .chain(() -> again.get() ? lease() : Uni.createFrom().voidItem());
        });
    }

    private Uni<Void> leaseOnce() {
        int room = underWay.room();
        if (room == 0) {
            moreMayBeDue = true;
            return Uni.createFrom().voidItem();
        }
        return leases.due(busy, room).invoke(this::deliver).replaceWithVoid();
    }

    private void deliver(List<LeasedDelivery> leased) {
        // With some under way, their endpoints may have been full.
        moreMayBeDue = !leased.isEmpty() || !busy.isEmpty();
        underWay.begin(leased.size());
        leased.forEach(delivery -> busy.merge(delivery.endpoint(), 1, Integer::sum));
        leased.forEach(delivery -> send.send(delivery)
                .chain(record::record)
                .subscribe()
                .with(recorded -> ended(delivery), failure -> {
                    // Attempted again when the lease ends.
                    LOG.errorf("webhook.not-delivered endpointId=%s %s", delivery.endpoint(), failure.getMessage());
                    ended(delivery);
                }));
    }

    private void ended(LeasedDelivery delivery) {
        busy.computeIfPresent(delivery.endpoint(), (endpoint, count) -> count > 1 ? count - 1 : null);
        underWay.end(1);
        if (moreMayBeDue) {
            begin();
        }
    }

    void stop(@Observes ShutdownEvent stop) throws InterruptedException {
        stopped = true;
        CountDownLatch none = new CountDownLatch(1);
        underWay.none().subscribe().with(ended -> none.countDown());
        none.await(STOP_SECONDS, TimeUnit.SECONDS);
    }
}

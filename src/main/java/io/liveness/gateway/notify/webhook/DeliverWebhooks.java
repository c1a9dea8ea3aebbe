package io.liveness.gateway.notify.webhook;

import io.liveness.gateway.notify.Outbox;
import io.liveness.gateway.notify.WebhookConfig;
import io.liveness.gateway.notify.webhook.LeaseDeliveries.LeasedDelivery;
import io.liveness.gateway.platform.UnderWay;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Delivers what is due, on every replica: with each tick, when deliveries were written here, and when a delivery ended while more may be due.
 * A caller, and an endpoint, has a share of the deliveries under way, so a slow one delays no other: see {@link LeaseDeliveries}.
 */
@Startup
@Singleton
class DeliverWebhooks {

    private static final Logger LOG = Logger.getLogger(DeliverWebhooks.class);

    // Attempts that are not recorded by then are made again by another replica.
    private static final long STOP_SECONDS = 5;

    private static final Duration LONG = Duration.ofSeconds(1);

    private static final int MOST_SLOW = 1000;

    private final LeaseDeliveries leases;
    private final SendWebhook send;
    private final RecordAttempts record;
    private final int places;
    private final UnderWay underWay;
    private final Map<UUID, Integer> busy = new ConcurrentHashMap<>();
    /** The endpoints whose last attempt at this replica took long, whatever the answer. */
    private final Set<UUID> slow = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean leasing = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private volatile boolean moreMayBeDue;
    private volatile boolean stopped;

    DeliverWebhooks(
            LeaseDeliveries leases, SendWebhook send, RecordAttempts record, WebhookConfig config, Outbox outbox) {
        this.leases = leases;
        this.send = send;
        this.record = record;
        this.places = config.maxConcurrent();
        this.underWay = new UnderWay(places);
        outbox.onFilled(this::begin);
    }

    @NonBlocking
    @Scheduled(identity = "webhooks", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
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
            return Uni.createFrom()
                    .deferred(this::leaseUnlessAnother)
                    .repeat()
                    // What came meanwhile may have been written after the lease.
                    .whilst(leased -> leased && again.get())
                    .collect()
                    .last()
                    .replaceWithVoid();
        });
    }

    private Uni<Boolean> leaseUnlessAnother() {
        if (stopped || !leasing.compareAndSet(false, true)) {
            return Uni.createFrom().item(false);
        }
        again.set(false);
        return FailedWork.orLog(LOG, "webhooks.not-leased", leaseOnce())
                .onTermination()
                .invoke(() -> leasing.set(false))
                .replaceWith(true);
    }

    private Uni<Void> leaseOnce() {
        int room = underWay.room();
        if (room == 0) {
            moreMayBeDue = true;
            return Uni.createFrom().voidItem();
        }
        // A slow one holds up nobody while half of the places are free.
        return leases.due(busy, 2 * room > places ? Set.of() : slow, room)
                .invoke(leased -> {
                    deliver(leased.deliveries());
                    if (leased.more()) {
                        again.set(true);
                    }
                })
                .replaceWithVoid();
    }

    private void deliver(List<LeasedDelivery> leased) {
        // The endpoints of deliveries under way may have been full.
        moreMayBeDue = !leased.isEmpty() || !busy.isEmpty();
        underWay.begin(leased.size());
        leased.forEach(delivery -> busy.merge(delivery.endpoint(), 1, Integer::sum));
        leased.forEach(delivery -> send.send(delivery)
                .invoke(attempt -> took(delivery.endpoint(), attempt.answer().took()))
                .chain(record::record)
                .subscribe()
                .with(recorded -> ended(delivery), failure -> {
                    // Attempted again when the lease ends.
                    FailedWork.log(LOG, "webhook.not-delivered endpointId=" + delivery.endpoint(), failure);
                    ended(delivery);
                }));
    }

    private void took(UUID endpoint, Duration time) {
        if (slow.size() >= MOST_SLOW) {
            // Many of them are gone by then; the others are slow once more.
            slow.clear();
        }
        if (time.compareTo(LONG) > 0) {
            slow.add(endpoint);
        } else {
            slow.remove(endpoint);
        }
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

package io.liveness.gateway.session.waiting;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The waiters at this replica, by their session. */
class WaitingRoom {

    private final Map<UUID, Set<Seat>> seats = new ConcurrentHashMap<>();

    /** A place of one waiter. After it leaves, woken or not, nothing of it is kept. */
    final class Seat {

        private final UUID session;
        private final CompletableFuture<Signal> signal = new CompletableFuture<>();

        private Seat(UUID session) {
            this.session = session;
        }

        Uni<Signal> signal() {
            return Uni.createFrom().completionStage(signal);
        }

        void wake(Signal woken) {
            signal.complete(woken);
        }

        void leave() {
            seats.computeIfPresent(session, (id, others) -> {
                others.remove(this);
                return others.isEmpty() ? null : others;
            });
        }
    }

    Seat enter(UUID session) {
        Seat seat = new Seat(session);
        seats.compute(session, (id, others) -> {
            Set<Seat> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(seat);
            return all;
        });
        return seat;
    }

    /** Wakes all waiters of the session, with one signal. */
    void wake(UUID session) {
        Set<Seat> woken = seats.remove(session);
        if (woken != null) {
            Signal signal = new Signal();
            woken.forEach(seat -> seat.wake(signal));
        }
    }

    void wakeAll() {
        sessions().forEach(this::wake);
    }

    /** What is waited for at this moment. */
    List<UUID> sessions() {
        return List.copyOf(seats.keySet());
    }

    int size() {
        return seats.values().stream().mapToInt(Set::size).sum();
    }
}

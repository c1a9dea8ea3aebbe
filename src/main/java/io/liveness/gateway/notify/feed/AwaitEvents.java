package io.liveness.gateway.notify.feed;

import io.liveness.gateway.check.SettledSignals;
import io.liveness.gateway.notify.feed.ReadFeed.Cursor;
import io.liveness.gateway.notify.feed.ReadFeed.FeedFilter;
import io.liveness.gateway.notify.feed.ReadFeed.FeedPart;
import io.liveness.gateway.notify.feed.ReadFeed.Rest;
import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Pause;
import io.liveness.gateway.platform.limits.WaitingPlaces;
import io.liveness.gateway.platform.security.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Reads the feed, and holds the answer until it has an event or the time is up. */
@Singleton
class AwaitEvents {

    /**
     * The pause between two reads of one wait: transactions that write events end meanwhile, and events that the filter
     * leaves out cause few reads.
     */
    private static final Duration PAUSE = Duration.ofMillis(20);

    /**
     * The pause after some reads that brought nothing: a transaction may stay open for long, and all waiters whose
     * events it holds back read.
     */
    private static final Duration LONG_PAUSE = PAUSE.multipliedBy(16);

    private final ReadFeed feed;
    private final SettledSignals signals;
    private final WaitingPlaces places;

    AwaitEvents(ReadFeed feed, SettledSignals signals, WaitingPlaces places) {
        this.feed = feed;
        this.signals = signals;
        this.places = places;
    }

    /** @param first reads the part after which the wait begins */
    Uni<FeedPart> await(Supplier<Uni<FeedPart>> first, FeedFilter filter, Caller caller, Duration atMost) {
        if (atMost.isZero()) {
            // Under load the first look of an hour sees writers alone; those have ended at the next one.
            Wait none = new Wait(filter, caller.name(), System.nanoTime());
            Executor context = CallerContext.capture();
            return first.get()
                    .chain(part -> part.awaitsMore() && part.rest() == Rest.INCOMPLETE
                            ? Pause.atLeast(PAUSE).emitOn(context).chain(() -> after(part, none))
                            : Uni.createFrom().item(part));
        }
        return places.run(
                caller,
                () -> Uni.createFrom().deferred(() -> {
                    Wait wait = new Wait(filter, caller.name(), System.nanoTime() + atMost.toNanos());
                    return waiting(first, wait, PAUSE, CallerContext.capture());
                }),
                first,
                FeedPart::awaitsMore);
    }

    /** @param until when it ends, of {@code System.nanoTime()} */
    private record Wait(FeedFilter filter, String caller, long until) {

        private Duration left() {
            return Duration.ofNanos(until - System.nanoTime());
        }
    }

    /** The read listens before it begins, so that it misses no event. */
    private Uni<FeedPart> waiting(Supplier<Uni<FeedPart>> read, Wait wait, Duration pause, Executor context) {
        Duration left = wait.left();
        if (left.isNegative() || left.isZero() || signals.isClosing()) {
            return read.get();
        }
        return signals.withNextEvent(
                        wait.caller(),
                        left,
                        signal -> read.get()
                                .chain(part -> part.awaitsMore() && part.rest() == Rest.NONE
                                        ? signal.emitOn(context).replaceWith(part)
                                        : Uni.createFrom().item(part)))
                .chain(part -> part.awaitsMore()
                        ? Pause.atLeast(pause)
                                .emitOn(context)
                                .chain(() -> waiting(() -> after(part, wait), wait, longer(pause), context))
                        : Uni.createFrom().item(part));
    }

    private static Duration longer(Duration pause) {
        return pause.compareTo(LONG_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
    }

    private Uni<FeedPart> after(FeedPart part, Wait wait) {
        return feed.after(Optional.of(Cursor.decode(part.next(), wait.caller())), wait.filter(), wait.caller());
    }
}

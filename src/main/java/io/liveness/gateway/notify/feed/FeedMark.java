package io.liveness.gateway.notify.feed;

import java.util.HashSet;
import java.util.Set;

/**
 * How far the events are known to be complete. Events get their numbers before their transactions commit, so that a number may become
 * visible after a higher one. See docs/decisions/0050.
 *
 * @param epoch of the database: after a restore nothing of what was known before counts
 * @param complete no event up to this number can appear any more
 * @param upto the number of an event that was committed when the mark was taken
 * @param writers the transactions that wrote events then, as far as they may still run: when all have ended, no event up to
 *     {@code upto} can appear any more
 */
record FeedMark(long epoch, long complete, long upto, Set<String> writers) {

    static final FeedMark NONE = of(0);

    private static FeedMark of(long epoch) {
        return new FeedMark(epoch, 0, 0, Set.of());
    }

    /**
     * The mark after a look at the database that began when this one was known.
     *
     * @param now the epoch
     * @param newest the number of a committed event
     * @param writing the transactions that write events
     */
    FeedMark after(long now, long newest, Set<String> writing) {
        if (now != epoch) {
            return of(now).after(now, newest, writing);
        }
        if (writing.isEmpty()) {
            return new FeedMark(epoch, Math.max(complete, newest), newest, writing);
        }
        Set<String> running = new HashSet<>(writers);
        running.retainAll(writing);
        return running.isEmpty()
                ? new FeedMark(epoch, Math.max(complete, upto), newest, writing)
                : new FeedMark(epoch, complete, upto, running);
    }
}

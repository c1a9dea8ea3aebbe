package io.liveness.gateway.notification.feed;

import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * How far the events are known to be complete. Events get their numbers before their transactions commit, so that a number may become
 * visible after a higher one. A mark is a number, and a transaction id: once all transactions before that one have ended, no event up to
 * the number can appear any more. See docs/decisions/0051.
 */
@Singleton
class FeedMarks {

    private static final int MOST = 32;
    // A database that was restored since has other transaction ids.
    private static final long LONGEST_NANOS = 60_000_000_000L;

    private final Deque<Mark> marks = new ArrayDeque<>();

    /**
     * A mark.
     *
     * @param upto the number of an event
     * @param before the first transaction that need not have ended
     */
    record Mark(long upto, String before, long takenAt) {}

    synchronized void add(Mark mark) {
        marks.addLast(mark);
        while (marks.size() > MOST || mark.takenAt() - marks.getFirst().takenAt() > LONGEST_NANOS) {
            marks.removeFirst();
        }
    }

    synchronized List<Mark> all() {
        return List.copyOf(marks);
    }
}

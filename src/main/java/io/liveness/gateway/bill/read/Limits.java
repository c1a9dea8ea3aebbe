package io.liveness.gateway.bill.read;

import java.time.Duration;

/** What one workbook may take of the process. */
final class Limits {

    /** From its opening to the last row that is read. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** Bytes of all parts that are read, together. */
    private static final long MOST_INFLATED = 1024 * 1024 * 1024;

    private static final long MOST_COMPRESSED = 32 * 1024 * 1024;
    /**
     * A compressed file may have a sixth of the heap: it is held up to three times for a moment, and once while it is
     * read.
     */
    private static final int COMPRESSED_SHARE = 6;

    /** Percent of the heap for the texts that cells share, which alone are held while a workbook is read. */
    private static final int SHARED_PERCENT = 40;

    /** Sheets of real bills are compressed to a tenth or a thirtieth. */
    private static final int MOST_TIMES = 200;
    /** Bytes up to which a part may be compressed at any ratio. */
    private static final long SMALL = 1024 * 1024;

    private final long mostInflated;
    private final long mostShared;
    private long begun;
    private long inflated;

    /** @param mostShared bytes of heap for the texts that cells share */
    Limits(long mostInflated, long mostShared) {
        this.mostInflated = mostInflated;
        this.mostShared = mostShared;
    }

    static Limits ofThisHeap() {
        return new Limits(MOST_INFLATED, Runtime.getRuntime().maxMemory() / 100 * SHARED_PERCENT);
    }

    /** From here on its time is counted. */
    void begin() {
        begun = System.nanoTime();
    }

    /** In bytes, of the file as it is sent. */
    static int mostCompressed() {
        return (int) Math.min(MOST_COMPRESSED, Runtime.getRuntime().maxMemory() / COMPRESSED_SHARE);
    }

    long mostShared() {
        return mostShared;
    }

    /**
     * Counts bytes of a part.
     *
     * @param added since the last time
     * @param ofPart bytes of the part by now
     * @param compressed the compressed size of the part
     */
    void inflated(String part, int added, long ofPart, long compressed) {
        inflated += added;
        if (inflated > mostInflated) {
            throw GuardedWorkbook.unreadable(
                    "inflates to more than " + mostInflated + " bytes; send it in parts of a shorter period");
        }
        if (ofPart > SMALL && ofPart / MOST_TIMES > compressed) {
            throw Xml.damaged(part, "is a ZIP bomb: it inflates to more than " + MOST_TIMES + " times its size");
        }
    }

    void requireTime() {
        if (System.nanoTime() - begun > LONGEST.toNanos()) {
            throw GuardedWorkbook.unreadable("takes more than " + LONGEST.toMinutes()
                    + " minutes to read; save it as CSV, or in parts of a shorter period");
        }
    }
}

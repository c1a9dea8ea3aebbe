package io.liveness.gateway.statement.xlsx;

/** What the parts of one file may come to, so that no small file fills the memory or keeps a thread busy for hours. */
final class Inflation {

    /** Sheets of real bills are compressed to a tenth or a thirtieth. */
    private static final int MOST_TIMES = 200;
    /** As much may be of any ratio. */
    private static final long SMALL = 1024 * 1024;

    private final long most;
    private long sum;

    /** @param most bytes of all parts that are read, together */
    Inflation(long most) {
        this.most = most;
    }

    /**
     * Counts what came of a part.
     *
     * @param added bytes since the last time
     * @param inflated bytes of the part by now
     * @param compressed what they were made of
     */
    void count(String part, int added, long inflated, long compressed) {
        sum += added;
        if (sum > most) {
            throw Damage.of(
                    "comes to more than " + most + " bytes when it is inflated; send it in parts of a shorter period");
        }
        if (inflated > SMALL && inflated / MOST_TIMES > compressed) {
            throw Damage.ofPart(part, "is a ZIP bomb: it inflates to more than " + MOST_TIMES + " times its size");
        }
    }
}

package io.liveness.gateway.statement.xlsx;

/** Limits the inflated size of a file's parts, against zip bombs. */
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
     * Counts the bytes of a part.
     *
     * @param added bytes since the last time
     * @param inflated bytes of the part by now
     * @param compressed their compressed size
     */
    void count(String part, int added, long inflated, long compressed) {
        sum += added;
        if (sum > most) {
            throw Damage.of("inflates to more than " + most + " bytes; send it in parts of a shorter period");
        }
        if (inflated > SMALL && inflated / MOST_TIMES > compressed) {
            throw Damage.ofPart(part, "is a ZIP bomb: it inflates to more than " + MOST_TIMES + " times its size");
        }
    }
}

package io.liveness.gateway.retention.keys;

import java.util.Arrays;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A row as it was read.
 *
 * @param values of the columns that a rotation writes; null where there is none
 */
record StoredRow(UUID id, byte[][] values) {

    /**
     * The same row under the first key, as far as that is possible.
     *
     * @param unreadable whether a value of it cannot be opened, and stays
     * @param withoutDigest whether a hash of it cannot be written anew, and stays
     */
    record Rewritten(UUID id, byte[][] was, byte[][] becomes, boolean unreadable, boolean withoutDigest) {

        boolean isChanged() {
            return !Arrays.deepEquals(was, becomes);
        }
    }

    /** A change of the row, column by column. */
    static final class Change {

        private final StoredRow row;
        private final byte[][] becomes;
        private boolean unreadable;
        private boolean withoutDigest;

        Change(StoredRow row) {
            this.row = row;
            this.becomes = row.values.clone();
        }

        byte[] stored(int column) {
            return row.values[column];
        }

        void set(int column, byte[] value) {
            becomes[column] = value;
        }

        /** @param reseal fails with {@link IllegalStateException} when the value cannot be opened */
        void reseal(int column, UnaryOperator<byte[]> reseal) {
            if (stored(column) != null) {
                ifReadable(() -> set(column, reseal.apply(stored(column))));
            }
        }

        void ifReadable(Runnable change) {
            try {
                change.run();
            } catch (IllegalStateException cannotBeOpened) {
                unreadable = true;
            }
        }

        void hasNoDigest() {
            withoutDigest = true;
        }

        Rewritten done() {
            return new Rewritten(row.id, row.values, becomes, unreadable, withoutDigest);
        }
    }
}

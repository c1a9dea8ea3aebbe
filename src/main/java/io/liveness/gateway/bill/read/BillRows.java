package io.liveness.gateway.bill.read;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The rows of a file, and the mapping under which they are read: with the column of currencies that the header has, though the one that was
 * named leaves it out. A line in another currency is never read as one of the mapping's.
 */
public record BillRows(Iterator<RawRow> rows, Mapping mapping) {

    /** Reads rows up to the header, and gives them again. */
    public static BillRows of(Iterator<RawRow> rows, Mapping named) {
        List<RawRow> head = new ArrayList<>();
        while (named.columns().currency() == null && head.size() < Header.MOST_ROWS && rows.hasNext()) {
            RawRow row = rows.next();
            head.add(row);
            if (Header.isIn(List.of(row).iterator(), named)) {
                Mapping whole = GuessMapping.currencyColumn(row)
                        .map(named::withCurrency)
                        .orElse(named);
                return new BillRows(new Again(head.iterator(), rows), whole);
            }
        }
        return new BillRows(new Again(head.iterator(), rows), named);
    }

    private record Again(Iterator<RawRow> head, Iterator<RawRow> rest) implements Iterator<RawRow> {

        @Override
        public boolean hasNext() {
            return head.hasNext() || rest.hasNext();
        }

        @Override
        public RawRow next() {
            return head.hasNext() ? head.next() : rest.next();
        }
    }
}

package io.liveness.gateway.bill.read;

import io.liveness.gateway.bill.read.Mapping.Unit;
import io.liveness.gateway.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The rows of a file, and the mapping under which they are read: with the column of currencies that the header has, though the one that was
 * named leaves it out. A line in another currency is never read as one of the mapping's.
 */
public record BillRows(Iterator<RawRow> rows, Mapping mapping) {

    /**
     * Reads rows up to the header, and gives them again.
     *
     * @throws ProblemException when a row above the header says another unit than the mapping has, as {@code 单位：分}
     */
    public static BillRows of(Iterator<RawRow> rows, Mapping named) {
        List<RawRow> head = new ArrayList<>();
        while (head.size() < Header.MOST_ROWS && rows.hasNext()) {
            RawRow row = rows.next();
            head.add(row);
            if (Header.find(List.of(row).iterator(), named).isPresent()) {
                Mapping whole = named.columns().currency() != null
                        ? named
                        : GuessMapping.currencyColumn(row)
                                .map(named::withCurrency)
                                .orElse(named);
                head.forEach(above -> requireUnit(above, named.unitOfAmounts()));
                return new BillRows(new Again(head.iterator(), rows), whole);
            }
        }
        return new BillRows(new Again(head.iterator(), rows), named);
    }

    private static void requireUnit(RawRow above, Unit unit) {
        if (Unit.isOther(above)
                || Unit.statedIn(above).filter(stated -> stated != unit).isPresent()) {
            throw ProblemException.invalid(
                    "line " + above.line(),
                    "unit-differs",
                    "says another unit of the amounts than the mapping has: correct the mapping's unit; 元 is MAJOR, 分 is MINOR, others cannot be read");
        }
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

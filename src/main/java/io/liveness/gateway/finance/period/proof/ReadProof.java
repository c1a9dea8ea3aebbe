package io.liveness.gateway.finance.period.proof;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Reads the rows of a month's proof in their order. Each page is a separate statement and is read on demand, so that a reader holds no
 * connection and at most one page. The rows of a month that can be closed do not change meanwhile.
 */
@Singleton
public class ReadProof {

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Database database;

    ReadProof(Database database) {
        this.database = database;
    }

    /** Pages in order, none of them empty. */
    public Multi<List<ProofRow>> pages(Month month) {
        return Multi.createBy()
                .repeating()
                .uni(() -> new Reading(month), Reading::next)
                .until(List::isEmpty)
                .filter(page -> !page.isEmpty());
    }

    /** Where one reader is. */
    private final class Reading {

        private final OffsetDateTime from;
        private final OffsetDateTime to;
        private OffsetDateTime feeAt;
        private UUID fee = BEFORE_ALL;
        private boolean allFees;
        private OffsetDateTime adjustmentAt;
        private long adjustment;

        Reading(Month month) {
            this.from = time(month.from());
            this.to = time(month.to());
            this.feeAt = from;
            this.adjustmentAt = from;
        }

        /** Empty when there are no more. */
        Uni<List<ProofRow>> next() {
            return allFees ? adjustments() : fees();
        }

        private Uni<List<ProofRow>> fees() {
            return database.read(ProofSql.FEES, Tuple.of(feeAt, fee, to)).chain(read -> {
                if (read.size() == 0) {
                    allFees = true;
                    return adjustments();
                }
                for (Row row : read) {
                    feeAt = row.getOffsetDateTime(ProofRow.OPENED);
                    fee = row.getUUID(ProofRow.SESSION);
                }
                List<ProofRow> rows = rows(read);
                // Fees without entries: their lack is seen in the sums.
                return rows.isEmpty() ? fees() : Uni.createFrom().item(rows);
            });
        }

        private Uni<List<ProofRow>> adjustments() {
            return database.read(ProofSql.ADJUSTMENTS, Tuple.of(adjustmentAt, adjustment, to))
                    .map(ReadProof::rows)
                    .invoke(rows -> rows.forEach(row -> {
                        adjustmentAt = time(row.recorded());
                        adjustment = row.entry();
                    }));
        }
    }

    private static List<ProofRow> rows(RowSet<Row> read) {
        List<ProofRow> rows = new ArrayList<>(read.size());
        for (Row row : read) {
            ProofRow.of(row).ifPresent(rows::add);
        }
        return rows;
    }

    private static OffsetDateTime time(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}

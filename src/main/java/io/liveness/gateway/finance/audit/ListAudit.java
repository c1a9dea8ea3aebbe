package io.liveness.gateway.finance.audit;

import io.liveness.gateway.platform.postgres.Database;
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
import java.util.Optional;
import java.util.UUID;

/** Lists entries by page, newest first. */
@Singleton
class ListAudit {

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Database database;

    ListAudit(Database database) {
        this.database = database;
    }

    /**
     * As many entries as are wanted, fewer when there are no more.
     *
     * @param after the last entry of the page before
     */
    Uni<List<AuditRow>> read(AuditFilter filter, Optional<UUID> after, int rows) {
        return database.read(
                        AuditSql.page(filter),
                        Tuple.of(
                                filter.who().orElse(null),
                                filter.what().orElse(null),
                                time(filter.from()),
                                time(filter.to()),
                                after.orElse(BEFORE_ALL),
                                rows))
                .map(ListAudit::rows);
    }

    private static OffsetDateTime time(Optional<Instant> time) {
        return time.map(instant -> instant.atOffset(ZoneOffset.UTC)).orElse(null);
    }

    private static List<AuditRow> rows(RowSet<Row> read) {
        List<AuditRow> rows = new ArrayList<>();
        read.forEach(row -> rows.add(AuditRow.of(row)));
        return rows;
    }
}

package io.liveness.gateway.statement.difference;

import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Reads the results of a statement by page, in the order of its lines; those of sessions without a line come last. */
@Singleton
public class ListDifferences {

    private static final String THERE = "select 1 from statement where id = $1 and status <> 'RECEIVING'";

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Database database;

    ListDifferences(Database database) {
        this.database = database;
    }

    Uni<Boolean> isThere(UUID statement) {
        return database.read(THERE, Tuple.of(statement)).map(there -> there.size() > 0);
    }

    /** Empty when there is no such statement. */
    Uni<Optional<List<DifferenceRow>>> page(UUID statement, DifferenceFilter filter, Optional<UUID> after, int rows) {
        return isThere(statement).chain(there -> {
            if (!there) {
                return Uni.createFrom().item(Optional.empty());
            }
            return database.read(
                            sql(filter),
                            Tuple.of(
                                    statement,
                                    filter.kinds(),
                                    after.orElse(BEFORE_ALL),
                                    rows,
                                    filter.state().map(Enum::name).orElse(null),
                                    filter.assignee().orElse(null)))
                    .map(read -> Optional.of(all(read)));
        });
    }

    private static String sql(DifferenceFilter filter) {
        if (filter.state().filter(state -> state != DifferenceState.OPEN).isPresent()) {
            return DifferencesSql.BY_STATE;
        }
        return filter.assignee().isPresent() ? DifferencesSql.BY_ASSIGNEE : DifferencesSql.BY_KIND;
    }

    /** Those of the statement among them, in the order of the lines. */
    public Uni<List<DifferenceRow>> of(UUID statement, List<UUID> ids) {
        return database.read(
                        DifferencesSql.THESE, Tuple.tuple().addUUID(statement).addArrayOfUUID(ids.toArray(UUID[]::new)))
                .map(ListDifferences::all);
    }

    private static List<DifferenceRow> all(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(DifferenceRow::of)
                .toList();
    }
}

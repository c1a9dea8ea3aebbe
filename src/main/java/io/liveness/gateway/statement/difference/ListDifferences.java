package io.liveness.gateway.statement.difference;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.statement.matching.MatchKind;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Reads the results of a statement by page, in the order of its lines; those of sessions without a line come last. */
@Singleton
class ListDifferences {

    // Each kind is read from its own part of one index, so that a million lines that match are not passed by. A
    // comparison of rows,
    // since with equality another index might be walked.
    private static final String PAGE = """
            select %s
            from unnest($2::text[]) k (kind)
            cross join lateral (
                select m.* from statement_match m
                where (m.statement_id, m.kind, m.id) > ($1, k.kind, $3) order by m.statement_id, m.kind, m.id limit $4) m
            join statement t on t.id = m.statement_id
            where m.statement_id = $1 and m.kind = k.kind
            order by m.id limit $4
            """.formatted(DifferenceRow.COLUMNS);

    private static final String THERE = "select 1 from statement where id = $1 and status <> 'RECEIVING'";

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Database database;

    ListDifferences(Database database) {
        this.database = database;
    }

    /** Empty when there is no such statement. */
    Uni<Optional<List<DifferenceRow>>> page(UUID statement, Optional<MatchKind> kind, Optional<UUID> after, int rows) {
        String[] kinds = kind
                .map(List::of)
                .orElseGet(() -> Arrays.stream(MatchKind.values())
                        .filter(MatchKind::isDifference)
                        .toList())
                .stream()
                .map(Enum::name)
                .toArray(String[]::new);
        return database.execute(THERE, Tuple.of(statement)).chain(there -> {
            if (there.size() == 0) {
                return Uni.createFrom().item(Optional.empty());
            }
            return database.execute(PAGE, Tuple.of(statement, kinds, after.orElse(BEFORE_ALL), rows))
                    .map(read -> Optional.of(all(read)));
        });
    }

    private static List<DifferenceRow> all(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(DifferenceRow::of)
                .toList();
    }
}

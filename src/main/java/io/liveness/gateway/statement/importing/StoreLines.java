package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.statement.reading.Line;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Stores the lines of one statement, many with each statement of SQL. To be used on a thread that may wait. */
class StoreLines implements Consumer<Line> {

    private static final int AT_ONCE = 5_000;

    private static final String INSERT = """
            insert into statement_line (statement_id, line, task_no, at, status, amount, problem)
            select $1, * from unnest($2::int[], $3::text[], $4::timestamptz[], $5::text[], $6::bigint[], $7::text[])
            """;

    private final Database database;
    private final UUID statement;
    private final IntConsumer progress;
    private final List<Line> waiting = new ArrayList<>(AT_ONCE);
    private int stored;

    /** @param progress is told how many lines are stored */
    StoreLines(Database database, UUID statement, IntConsumer progress) {
        this.database = database;
        this.statement = statement;
        this.progress = progress;
    }

    @Override
    public void accept(Line line) {
        waiting.add(line);
        if (waiting.size() == AT_ONCE) {
            flush();
        }
    }

    void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        Tuple rows = Tuple.tuple()
                .addUUID(statement)
                .addArrayOfInteger(column(Line::number, Integer[]::new))
                .addArrayOfString(column(line -> line.taskNo().orElse(null), String[]::new))
                .addArrayOfOffsetDateTime(column(
                        line -> line.at().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null), OffsetDateTime[]::new))
                .addArrayOfString(column(line -> line.status().map(Enum::name).orElse(null), String[]::new))
                .addArrayOfLong(column(line -> line.amount().orElse(null), Long[]::new))
                .addArrayOfString(column(line -> line.problem().orElse(null), String[]::new));
        database.execute(INSERT, rows).await().indefinitely();
        stored += waiting.size();
        waiting.clear();
        progress.accept(stored);
    }

    private <T> T[] column(Function<Line, T> of, IntFunction<T[]> array) {
        return waiting.stream().map(of).toArray(array);
    }
}

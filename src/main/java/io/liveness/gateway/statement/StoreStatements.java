package io.liveness.gateway.statement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.Problem.FieldError;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.statement.reading.Reading;
import io.liveness.gateway.statement.reading.Reading.Totals;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Statements as they are stored, each step of an import as one statement of SQL. */
@Singleton
public class StoreStatements {

    private static final String BEGIN = """
            insert into statement (id, status, dry_run, file_name, mapping, definition, definition_hash, currency, period_from, period_to,
                invoice, supersedes, imported_by, imported_at, worked_at)
            values ($1, 'RECEIVING', $2, $3, $4, $5::text::jsonb, $6, $7, $8, $9, $10, $11, $12, liveness_now(), liveness_now())
            """;

    private static final String RECEIVED = """
            update statement set status = 'READING', sha256 = $2, charset = $3, bytes = $4, worked_at = liveness_now() where id = $1
            returning %s""".formatted(StatementRow.COLUMNS);

    private static final String SAME = """
            select %s from statement
            where sha256 = $1 and definition_hash = $2 and not dry_run and status in ('READING', 'MATCHING', 'DONE')
            """.formatted(StatementRow.COLUMNS);

    private static final String PROGRESS = """
            update statement
            set bytes_read = greatest(bytes_read, $2), lines = greatest(lines, $3), lines_matched = greatest(lines_matched, $4),
                worked_at = liveness_now()
            where id = $1 and status in ('RECEIVING', 'READING', 'MATCHING')
            """;

    private static final String READ = """
            update statement
            set status = 'MATCHING', bytes_read = bytes, lines = $2, sum_read = $3, charged_read = $4, first_at = $5, last_at = $6,
                lines_stated = $7, sum_stated = $8, worked_at = liveness_now()
            where id = $1 and status = 'READING'
            returning %s""".formatted(StatementRow.COLUMNS);

    /** What it takes the place of counts no more: the statement it corrects, and an earlier run of the same file. */
    private static final String DONE = """
            with done as (
                update statement
                set status = 'DONE', lines_matched = lines, worked_at = liveness_now(), counts = (
                    select coalesce(jsonb_object_agg(kind, n), '{}')
                    from (select kind, count(*) as n from statement_match where statement_id = $1 group by kind) c)
                where id = $1 and status = 'MATCHING'
                returning *
            ), superseded as (
                update statement o set status = 'SUPERSEDED', superseded_by = done.id
                from done
                where not done.dry_run and not o.dry_run and o.status = 'DONE' and o.id <> done.id
                  and (o.id = done.supersedes or o.sha256 = done.sha256)
            )
            select %s from done
            """.formatted(StatementRow.COLUMNS);

    private static final String FAILED = """
            update statement set status = 'FAILED', problem = $2::text::jsonb, counts = '{}', worked_at = liveness_now()
            where id = $1 and status in ('READING', 'MATCHING')
            """;

    private static final String BY_ID =
            "select %s from statement where id = $1 and status <> 'RECEIVING'".formatted(StatementRow.COLUMNS);

    private static final String PAGE = """
            select %s from statement where not dry_run and status <> 'RECEIVING' and ($1::uuid is null or id < $1) order by id desc limit $2
            """.formatted(StatementRow.COLUMNS);

    private static final String WITHDRAW = """
            update statement
            set status = 'WITHDRAWN', withdrawn_by = $2, reason = $3, withdrawn_at = liveness_now()
            where id = $1 and (status in ('DONE', 'FAILED', 'SUPERSEDED')
                or (status in ('READING', 'MATCHING') and worked_at < liveness_now() - interval '2 minutes'))
            returning %s""".formatted(StatementRow.COLUMNS);

    private final Database database;
    private final ObjectMapper json;

    StoreStatements(Database database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    public Uni<Void> begin(UUID id, ImportOrder order) {
        Tuple values = Tuple.tuple()
                .addUUID(id)
                .addBoolean(order.dryRun())
                .addString(order.fileName().orElse(null))
                .addString(order.mapping().name())
                .addString(order.mapping().definition())
                .addBuffer(Buffer.buffer(order.mapping().hash()))
                .addString(order.mapping().mapping().currency())
                .addOffsetDateTime(time(order.from()))
                .addOffsetDateTime(time(order.to()))
                .addLong(order.invoice().map(Money::minor).orElse(null))
                .addUUID(order.supersedes().orElse(null))
                .addString(order.by());
        return database.execute(BEGIN, values).replaceWithVoid();
    }

    /** Fails with a unique violation when the same file was imported under the same mapping. */
    public Uni<StatementRow> received(UUID id, ReceivedFile file) {
        return one(
                database.execute(RECEIVED, Tuple.of(id, Buffer.buffer(file.sha256()), file.charset(), file.bytes())));
    }

    public Uni<Optional<StatementRow>> same(ReceivedFile file, ImportOrder order) {
        return first(database.execute(
                SAME,
                Tuple.of(
                        Buffer.buffer(file.sha256()),
                        Buffer.buffer(order.mapping().hash()))));
    }

    public Uni<Void> progress(UUID id, long bytesRead, int lines, int linesMatched) {
        return database.execute(PROGRESS, Tuple.of(id, bytesRead, lines, linesMatched))
                .replaceWithVoid();
    }

    public Uni<StatementRow> read(UUID id, Reading reading) {
        Optional<Totals> stated = reading.stated();
        Tuple values = Tuple.tuple()
                .addUUID(id)
                .addInteger(reading.lines())
                .addLong(reading.sum())
                .addLong(reading.charged())
                .addOffsetDateTime(time(reading.first()))
                .addOffsetDateTime(time(reading.last()))
                .addInteger(stated.flatMap(Totals::lines).orElse(null))
                .addLong(stated.flatMap(Totals::sum).orElse(null));
        return one(database.execute(READ, values));
    }

    public Uni<StatementRow> done(UUID id) {
        return one(database.execute(DONE, Tuple.of(id)));
    }

    public Uni<Void> failed(UUID id, List<FieldError> problem) {
        try {
            return database.execute(FAILED, Tuple.of(id, json.writeValueAsString(problem)))
                    .replaceWithVoid();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Errors are always writable", e);
        }
    }

    public Uni<Optional<StatementRow>> byId(UUID id) {
        return first(database.execute(BY_ID, Tuple.of(id)));
    }

    /** Newest first. */
    Uni<List<StatementRow>> page(Optional<UUID> after, int rows) {
        return database.execute(PAGE, Tuple.tuple().addUUID(after.orElse(null)).addInteger(rows))
                .map(StoreStatements::all);
    }

    /** Empty when it is under way, or withdrawn before. */
    Uni<Optional<StatementRow>> withdraw(UUID id, String by, String reason) {
        return first(database.execute(WITHDRAW, Tuple.of(id, by, reason)));
    }

    private static Uni<StatementRow> one(Uni<RowSet<Row>> rows) {
        return first(rows)
                .map(found -> found.orElseThrow(() -> new IllegalStateException("The import was taken over")));
    }

    private static Uni<Optional<StatementRow>> first(Uni<RowSet<Row>> rows) {
        return rows.map(read -> all(read).stream().findFirst());
    }

    private static List<StatementRow> all(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(StatementRow::of)
                .toList();
    }

    private static OffsetDateTime time(Optional<Instant> time) {
        return time.map(instant -> instant.atOffset(ZoneOffset.UTC)).orElse(null);
    }
}

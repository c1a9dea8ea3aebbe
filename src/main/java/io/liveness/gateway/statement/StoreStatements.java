package io.liveness.gateway.statement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
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
        return database.execute(StatementsSql.BEGIN, values).replaceWithVoid();
    }

    /** Fails with a unique violation when the same file was imported under the same mapping. */
    public Uni<StatementRow> received(UUID id, ReceivedFile file) {
        return one(database.execute(
                StatementsSql.RECEIVED,
                Tuple.of(id, Buffer.buffer(file.sha256()), file.charset().orElse(null), file.bytes())));
    }

    public Uni<Optional<StatementRow>> same(ReceivedFile file, ImportOrder order) {
        return first(database.execute(
                StatementsSql.SAME,
                Tuple.of(
                        Buffer.buffer(file.sha256()),
                        Buffer.buffer(order.mapping().hash()))));
    }

    public Uni<Void> progress(UUID id, long bytesRead, int lines, int linesMatched) {
        return database.execute(StatementsSql.PROGRESS, Tuple.of(id, bytesRead, lines, linesMatched))
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
        return one(database.execute(StatementsSql.READ, values));
    }

    /**
     * Ends an import, and has it on the audit list unless it is a dry run.
     *
     * @throws ProblemException when the statement that it corrects counts no more
     */
    public Uni<StatementRow> done(UUID id, ImportOrder order) {
        return first(database.execute(StatementsSql.DONE, Tuple.of(id, Audit.newId())))
                .map(done -> done.orElseThrow(() -> order.supersedes().isPresent() && !order.dryRun()
                        ? ProblemException.invalid(
                                "supersedes",
                                "stopped counting while this import ran: look at that statement, then import this file again")
                        : takenOver()));
    }

    public Uni<Void> failed(UUID id, List<FieldError> problem) {
        try {
            return database.execute(StatementsSql.FAILED, Tuple.of(id, json.writeValueAsString(problem)))
                    .replaceWithVoid();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Errors are always writable", e);
        }
    }

    public Uni<Optional<StatementRow>> byId(UUID id) {
        return first(database.read(StatementsSql.BY_ID, Tuple.of(id)));
    }

    /** Newest first. */
    Uni<List<StatementRow>> page(Optional<UUID> after, int rows) {
        return database.read(
                        StatementsSql.PAGE,
                        Tuple.tuple().addUUID(after.orElse(null)).addInteger(rows))
                .map(StoreStatements::all);
    }

    /** Has it on the audit list. Empty when it is under way, or withdrawn before. */
    Uni<Optional<StatementRow>> withdraw(UUID id, String by, String reason) {
        return first(database.execute(StatementsSql.WITHDRAW, Tuple.of(id, by, reason, Audit.newId())));
    }

    private static Uni<StatementRow> one(Uni<RowSet<Row>> rows) {
        return first(rows).map(found -> found.orElseThrow(StoreStatements::takenOver));
    }

    private static RuntimeException takenOver() {
        return new IllegalStateException("The import was taken over");
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

package io.liveness.gateway.bill;

import io.liveness.gateway.bill.StatementView.ImportStatus;
import io.liveness.gateway.bill.match.MatchStatement;
import io.liveness.gateway.bill.match.MatchStatement.ImportOrder;
import io.liveness.gateway.bill.match.MatchStatement.Matched;
import io.liveness.gateway.bill.match.StoreResults.ResultIds;
import io.liveness.gateway.bill.read.BillWorkbook.BillSheet;
import io.liveness.gateway.bill.read.StatementReader.Reading;
import io.liveness.gateway.books.Approvals;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Person;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The rows of statements, and every step of an import that changes them. Lines and results are stored in {@code bill.match}. */
@Singleton
public class StoreStatements {

    /** A file that is to be read. */
    private record Received(UUID id, byte[] sha256, Optional<String> charset, long bytes, ImportOrder order) {}

    private static final Records<Received> RECEIVED = new Records<Received>()
            .with("id", "uuid", Received::id)
            .with("sha256", "bytea", Received::sha256)
            .with("charset", "text", Received::charset)
            .with("bytes", "bigint", Received::bytes)
            .with("dry_run", "boolean", file -> file.order().dryRun())
            .with("file_name", "text", file -> file.order().fileName())
            .with("mapping", "text", file -> file.order().mapping().name())
            .with(
                    "definition",
                    "jsonb",
                    file -> new JsonObject(file.order().mapping().definition()))
            .with("definition_hash", "bytea", file -> file.order().mapping().hash())
            .with("currency", "text", file -> file.order().currency())
            .with("period_from", "timestamptz", file -> file.order().from())
            .with("period_to", "timestamptz", file -> file.order().to())
            .with("invoice", "bigint", file -> file.order().invoice().map(Money::units))
            .with("supersedes", "uuid", file -> file.order().supersedes())
            .with("imported_by", "text", file -> file.order().by().name())
            .with("imported_person", "jsonb", file -> file.order().by().person().map(Person::json));

    private static final String STORE = "insert into statement (" + RECEIVED.columns()
            + ", status, imported_at, worked_at) select received.*, 'READING', liveness_now(), liveness_now() from "
            + RECEIVED.fromOne("?", "received");

    private final Batch batch;
    private final Money aloneUndone;

    StoreStatements(Batch batch, Approvals approvals) {
        this.batch = batch;
        this.aloneUndone = approvals.withdrawalAbove();
    }

    /**
     * Does work in a transaction during which no bill is matched: either sees what the other has done.
     *
     * @throws ProblemException 409, when it waits five seconds for that or for a later lock
     */
    public <T> T whileNoneIsMatched(Batch.Work<T> work) {
        return batch.transact(
                connection -> {
                    MatchStatement.waitForMatching(connection);
                    return work.with(connection);
                },
                () -> StatementProblem.underWay(
                        "A bill is being matched, or others work on this one; try again after Retry-After seconds."));
    }

    /** @throws ProblemException when the statement that an import is to correct does not count */
    private static void requireCorrectable(Connection connection, Optional<UUID> supersedes) throws SQLException {
        Sql.first(
                        connection,
                        "select where ?::uuid is null or exists (select from statement where id = ? and in_effect)",
                        row -> true,
                        supersedes,
                        supersedes)
                .orElseThrow(() ->
                        ProblemException.invalid("supersedes", "must be a statement that is DONE and not a dry run"));
    }

    /**
     * Compares an order with an earlier import of its file.
     *
     * @throws ProblemException when the order gives a parameter that the import had otherwise: it would have no effect
     */
    private static void requireAsIn(StatementView imported, ImportOrder order) {
        require("from", order.from(), imported.statedFrom());
        require("to", order.to(), imported.statedTo());
        require("invoiceTotal", order.invoice().map(Money::units), imported.statedTotal());
        require("supersedes", order.supersedes(), Optional.ofNullable(imported.supersedes()));
    }

    private static <T> void require(String parameter, Optional<T> wanted, Optional<T> imported) {
        if (wanted.isPresent() && !wanted.equals(imported)) {
            throw ProblemException.invalid(
                    parameter,
                    "imported-otherwise",
                    "differs from the earlier import of this file: withdraw the statement that counts, then import the file again");
        }
    }

    /**
     * The file is received, and is being read from now on. No statement is stored before that.
     *
     * @param charset its name in Java; empty for a workbook
     * @param bytes the size of the file
     * @return the statement that this file is already, under the same mapping, also one in whose place another counts; empty when it is a
     *     new one, or a dry run
     * @throws ProblemException when the import is refused, also if this is its dry run
     */
    public Optional<StatementView> received(
            UUID id, byte[] sha256, Optional<String> charset, long bytes, ImportOrder order) {
        return batch.transact(connection -> {
            // When two requests send the same file at once, the second one waits here, and finds the statement of the
            // first.
            Sql.first(
                    connection,
                    "select pg_advisory_xact_lock(hashtextextended(encode(?, 'hex'), 0))",
                    row -> true,
                    sha256);
            Optional<StatementView> found = Sql.first(
                    connection,
                    "select " + StatementView.COLUMNS + """
                     from statement
                    where sha256 = ? and definition_hash = ? and not dry_run
                      and (status in ('READING', 'MATCHING', 'DONE') or status = 'SUPERSEDED' and exists (
                          with recursive later as (
                              select t.id, t.status, t.superseded_by from statement t where t.id = statement.superseded_by
                              union select t.id, t.status, t.superseded_by from statement t join later on t.id = later.superseded_by)
                          select from later where status = 'DONE'))
                    order by status = 'SUPERSEDED', id desc limit 1
                    """,
                    StatementView::of,
                    sha256,
                    order.mapping().hash());
            Optional<StatementView> same = found.filter(row -> row.status() != ImportStatus.FAILED);
            if (found.isPresent() && same.isEmpty()) {
                // Nobody works on it any more; until that is stored, it has the place of this one (statement_once).
                fail(connection, found.get().id(), StatementView.BROKEN_OFF);
            }
            if (same.isPresent()) {
                requireAsIn(same.get(), order);
                if (!order.dryRun()) {
                    return same;
                }
            } else {
                requireCorrectable(connection, order.supersedes());
            }
            Sql.execute(
                    connection,
                    STORE,
                    RECEIVED.of(new Received(id, sha256, charset, bytes, order)).encode());
            if (same.isEmpty() && !order.dryRun()) {
                // The check is repeated at the end: nobody waits here for another import that ends.
                requireMayReplace(connection, id, order, "");
            }
            return Optional.empty();
        });
    }

    /**
     * Tells how far an import is, which is a sign of life too.
     *
     * @param reading once the whole file is read
     */
    public void progress(UUID id, long bytesRead, int lines, int linesMatched, Optional<Reading> reading) {
        batch.transact(connection -> Sql.execute(
                connection,
                """
                update statement
                set bytes_read = ?, lines = ?, lines_matched = ?, sum_read = ?, charged_read = ?, first_at = ?, last_at = ?,
                    status = case when ? then 'MATCHING' else 'READING' end, worked_at = liveness_now()
                where id = ? and status in ('READING', 'MATCHING')
                """,
                bytesRead,
                lines,
                linesMatched,
                reading.map(Reading::sum),
                reading.map(Reading::charged),
                reading.flatMap(Reading::first),
                reading.flatMap(Reading::last),
                reading.isPresent(),
                id));
    }

    /**
     * Ends an import in the transaction that has its results, and has it on the audit list unless it is a dry run. What it takes the place
     * of counts no more: the statement that it corrects, and an earlier run of the same file.
     *
     * @param sheets empty when the file is no workbook
     * @throws ProblemException when the statement that it corrects counts no more
     */
    public StatementView done(
            Connection connection,
            UUID id,
            ImportOrder order,
            Reading reading,
            Optional<List<BillSheet>> sheets,
            Matched matched)
            throws SQLException {
        if (order.supersedes().isPresent() && !order.dryRun()) {
            Sql.first(connection, """
                            select corrects.id from statement corrects
                            where corrects.id = ? and corrects.in_effect for no key update
                            """, row -> true, order.supersedes())
                    .orElseThrow(
                            () -> ProblemException.invalid(
                                    "supersedes",
                                    "stopped-counting",
                                    "stopped counting while this import ran: look at that statement, then import this file again"));
        }
        StatementView done = Sql.first(
                        connection,
                        """
                        update statement
                        set status = 'DONE', bytes_read = bytes, lines = ?, lines_matched = ?, sum_read = ?, charged_read = ?, first_at = ?,
                            last_at = ?, sheets = ?::jsonb, counts = ?::jsonb, lines_outside = ?, worked_at = liveness_now()
                        where id = ? and status in ('READING', 'MATCHING')
                        returning\s""" + StatementView.COLUMNS,
                        StatementView::of,
                        reading.lines(),
                        reading.lines(),
                        reading.sum(),
                        reading.charged(),
                        reading.first(),
                        reading.last(),
                        sheets.map(Json::encode),
                        Json.encode(matched.counts()),
                        matched.outside(),
                        id)
                .orElseThrow(() -> new IllegalStateException("The import was taken over"));
        if (!order.dryRun()) {
            requireMayReplace(connection, id, order, "for no key update");
            // The trigger (statement_undoes_its_acceptances) takes acceptances back, with ledger and audit entries.
            Sql.execute(connection, """
                    update statement set status = 'SUPERSEDED', superseded_by = ?
                    where (id = ? or (sha256 = decode(?, 'hex') and id <> ?)) and in_effect
                    """, id, order.supersedes(), done.sha256(), id);
            Map<String, String> detail = new LinkedHashMap<>();
            detail.put("sha256", done.sha256());
            detail.put("mapping", done.mapping());
            detail.put("lines", Integer.toString(done.lines()));
            order.supersedes().ifPresent(old -> detail.put("supersedes", old.toString()));
            Audit.record(connection, AuditedAct.STATEMENT_IMPORTED, order.by(), id.toString(), detail);
            keepFile(connection, id);
        }
        removeFile(connection, id);
        return done;
    }

    /**
     * What two people undo has its place taken by an import of a second person: another one has proposed to withdraw it, see {@code
     * docs/decisions/0083}.
     *
     * @throws ProblemException when the actor may not take the place of the statement that it corrects, or of an earlier run of the file
     */
    private void requireMayReplace(Connection connection, UUID id, ImportOrder order, String lock) throws SQLException {
        List<UUID> old = Sql.list(connection, """
                select old.id from statement old
                where (old.sha256 = (select sha256 from statement where id = ?) or old.id = (select supersedes from statement where id = ?))
                  and old.id <> ? and old.in_effect
                """ + lock, row -> row.getObject("id", UUID.class), id, id, id);
        // A second query sees what was confirmed and proposed before the rows were locked.
        List<Replaced> replaced = Sql.list(
                connection,
                "select id, " + Undoing.COLUMNS + """
                , coalesce(? and withdrawing_person is not null and ?::jsonb is not null
                               and not is_same_actor(withdrawing_by, withdrawing_person, ?, ?::jsonb), false) as by_second
                from statement where id = any (?)
                """,
                row -> new Replaced(row.getObject("id", UUID.class), Undoing.of(row), row.getBoolean("by_second")),
                order.mayConfirm(),
                order.by().storedPerson(),
                order.by().name(),
                order.by().storedPerson(),
                connection.createArrayOf("uuid", old.toArray()));
        for (Replaced one : replaced) {
            if (one.undoing().takesTwo(aloneUndone) && !one.bySecond()) {
                throw ProblemException.invalid(
                        order.supersedes().filter(one.id()::equals).isPresent() ? "supersedes" : "body",
                        "replaced-by-two",
                        "would take the place of statement " + one.id()
                                + ", which takes two people: one proposes to withdraw that statement, and another one with the"
                                + " role finance-admin imports this file");
            }
        }
    }

    /** @param bySecond whether another person has proposed to withdraw it, and the actor may carry that out */
    private record Replaced(UUID id, Undoing undoing, boolean bySecond) {}

    /** The file is of no use, or the import was broken off: its transaction left nothing, and the file is removed. */
    public void failed(UUID id, List<FieldError> problem) {
        batch.transact(connection -> {
            fail(connection, id, problem);
            return null;
        });
    }

    private static void fail(Connection connection, UUID id, List<FieldError> problem) throws SQLException {
        Sql.execute(connection, """
                update statement set status = 'FAILED', problem = ?::jsonb, counts = '{}', worked_at = liveness_now()
                where id = ? and status in ('READING', 'MATCHING')
                """, Json.encode(problem), id);
        removeFile(connection, id);
    }

    /** The pieces go from table to table within the database. Bytes that are kept already are not kept twice. */
    private static void keepFile(Connection connection, UUID id) throws SQLException {
        Sql.execute(connection, """
                insert into statement_file (sha256, nth, content)
                select s.sha256, p.nth, p.bytes
                from statement s join statement_piece p on p.statement_id = s.id
                where s.id = ? and not exists (select from statement_file f where f.sha256 = s.sha256)
                """, id);
    }

    private static int removeFile(Connection connection, UUID id) throws SQLException {
        return Sql.execute(connection, "delete from statement_piece where statement_id = ?", id);
    }

    /** One that did not come whole, or was known. */
    public void removeFile(UUID id) {
        batch.transact(connection -> removeFile(connection, id));
    }

    /** What imports have left behind that ended with their process, and dry runs of an hour ago. No file takes three hours to come. */
    public void removeLeftBehind() {
        batch.transact(StoreStatements::removeLeftBehind);
    }

    private static int removeLeftBehind(Connection connection) throws SQLException {
        List<UUID> broken = Sql.list(connection, """
                select id from statement where status in ('READING', 'MATCHING') and not is_worked_on(id, worked_at)
                for update skip locked
                """, row -> row.getObject(1, UUID.class));
        for (UUID id : broken) {
            fail(connection, id, StatementView.BROKEN_OFF);
        }
        List<UUID> passed = Sql.list(connection, """
                select id from statement where dry_run and worked_at < liveness_now() - interval '1 hour' for update skip locked
                """, row -> row.getObject(1, UUID.class));
        for (UUID id : passed) {
            removeFile(connection, id);
            ResultIds results = new ResultIds(id);
            Sql.execute(
                    connection,
                    "delete from statement_match where id between ? and ? and statement_id = ?",
                    results.first(),
                    results.last(),
                    id);
            Sql.execute(connection, "delete from statement where id = ?", id);
        }
        return Sql.execute(connection, """
                delete from statement_piece p
                where received_at < liveness_now() - interval '3 hours'
                  and not exists (select from statement s where s.id = p.statement_id)
                """);
    }

    /** Empty when there is none. */
    public Optional<StatementView> byId(UUID id) {
        return batch.read(Batch.OF_A_REQUEST, connection -> byId(connection, id));
    }

    public static Optional<StatementView> byId(Connection connection, UUID id) throws SQLException {
        return Sql.first(
                connection, "select " + StatementView.COLUMNS + " from statement where id = ?", StatementView::of, id);
    }

    /** Empty unless an import of the same bytes is, or was, DONE. */
    Optional<StatementFile> file(UUID id) {
        return batch.read(
                Batch.OF_A_REQUEST,
                connection -> Sql.first(connection, "select " + StatementView.COLUMNS + """
                 from statement
                where id = ? and exists (select from statement_file f where f.sha256 = statement.sha256)
                """, StatementView::of, id)
                        .map(StatementFile::new));
    }

    /** Newest first, without dry runs. */
    List<StatementView> page(Optional<UUID> after, int rows) {
        return batch.read(
                Batch.OF_A_REQUEST,
                connection ->
                        Sql.list(connection, "select " + StatementView.COLUMNS + """
                 from statement
                where not dry_run and id < coalesce(?, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
                order by id desc limit ?
                """, StatementView::of, after, rows));
    }
}

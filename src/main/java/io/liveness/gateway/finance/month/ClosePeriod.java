package io.liveness.gateway.finance.month;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.books.Month;
import io.liveness.gateway.books.Prices;
import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.books.audit.UsedKeys;
import io.liveness.gateway.books.audit.UsedKeys.Act;
import io.liveness.gateway.finance.Sums;
import io.liveness.gateway.finance.month.Checklist.Finding;
import io.liveness.gateway.finance.month.Period.CloseProposal;
import io.liveness.gateway.platform.file.NdjsonFile;
import io.liveness.gateway.platform.http.JsonTime;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.Problem;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Actor;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Closes a month, softly or for good, see {@code docs/decisions/0044}. A soft close marks it as complete. A close stores its sums, the
 * hash over its rows and its file for the archive, and it never changes again. With findings two people close it: the first proposes that
 * and says why, the second closes it. Each is one transaction: one that breaks off or is refused has changed nothing and does not use its
 * key, which an earlier request may be using at the same moment.
 */
@Singleton
class ClosePeriod {

    private static final Logger LOG = Logger.getLogger(ClosePeriod.class);

    /**
     * Until the end of the transaction no other one closes a month or enters an adjustment, whose trigger takes this lock too: MONTHS of
     * {@code V1__platform.sql}.
     */
    private static final String ALONE = "select pg_advisory_xact_lock(1818850414, 1885697636)";

    /**
     * Until the end of the transaction no bill is matched, withdrawn or worked: the lock BILLS of {@code V1__platform.sql}. Before
     * {@link #ALONE}, as others take these locks.
     */
    private static final String HOLD_BILLS = "select pg_advisory_xact_lock(1818850414, 1835103331)";

    private static final Finding WAITED = new Finding(
            "statements-under-way",
            1,
            "A bill is being matched, others work on one of the month, or another request is closing a month, perhaps this one:"
                    + " send the request again with the same key in a minute.");

    private static final Finding BOOKS_DIFFER = new Finding(
            "books-differ",
            1,
            "Pre-deductions of the month in the ledger are not its charges and refunds, or differ from its sessions. Tell operations to look"
                    + " at the metric liveness_ledger_imbalance.");

    /**
     * Whether a session of the month says something else of its fee than the ledger. Of fees without any entry the comparison of the books
     * knows.
     */
    private static final String SESSIONS_DIFFER = """
            with month as not materialized (
                select ?::timestamptz as from_at, ?::timestamptz as to_at
            )
            select exists (
                select from month
                join ledger e on e.kind in ('CHARGE', 'REFUND') and e.caller = any (array(select callers()))
                    and e.init_at >= month.from_at and e.init_at < month.to_at
                left join session_outcome s on s.session_id = e.session_id
                where (s.charge_status, s.fee_amount, s.fee_currency, s.init_at)
                    is distinct from (fee_status(e.kind, null), e.amount, e.currency, e.init_at)
            ) or exists (
                select from month
                join imbalance d on d.kind = 'pre-deduction-missing'
                join session_outcome s on s.session_id = d.session_id and s.init_at >= month.from_at and s.init_at < month.to_at
            ) as differ
            """;

    private static final String SOFT_CLOSE = """
            insert into period (month, from_at, to_at, soft_closed_at, soft_closed_by) values (?, ?, ?, liveness_now(), ?)
            on conflict (month) do update set soft_closed_at = excluded.soft_closed_at, soft_closed_by = excluded.soft_closed_by
            """;

    private static final String PROPOSE = """
            insert into period (month, from_at, to_at, findings, proposed_at, proposed_by, proposed_person, proposed_reason)
            values (?, ?, ?, ?::jsonb, ?, ?, ?::jsonb, ?)
            on conflict (month) do update set findings = excluded.findings, proposed_at = excluded.proposed_at,
                proposed_by = excluded.proposed_by, proposed_person = excluded.proposed_person, proposed_reason = excluded.proposed_reason
            """;

    /** Before the proof is written, which names both people. */
    private static final String CONFIRM =
            "update period set confirmed_at = ?, confirmed_by = ?, confirmed_person = ?::jsonb where month = ?";

    private static final String DROP_PROPOSAL = """
            update period set findings = '[]', proposed_at = null, proposed_by = null, proposed_person = null, proposed_reason = null
            where month = ?
            """;

    /** @param period as it is once it is closed */
    private record Closed(Period period, List<Finding> warnings, String archiveSha256) {

        Month month() {
            return period.month();
        }
    }

    private static final Records<Closed> CLOSED = new Records<Closed>()
            .with("month", "text", closed -> closed.month().name().toString())
            .with("from_at", "timestamptz", closed -> closed.month().from())
            .with("to_at", "timestamptz", closed -> closed.month().to())
            .with("closed_at", "timestamptz", closed -> closed.period().closedAt())
            .with("closed_by", "text", closed -> closed.period().closedBy())
            .with("proof_rows", "bigint", closed -> closed.period().rows())
            .with("proof_sha256", "text", closed -> closed.period().hash())
            .with(
                    "sums",
                    "jsonb",
                    closed -> new JsonArray(Json.encode(closed.period().totals())))
            .with("warnings", "jsonb", closed -> new JsonArray(Json.encode(closed.warnings())))
            .with("archive_sha256", "text", Closed::archiveSha256);

    private static final String CLOSE =
            "insert into period (" + CLOSED.columns() + ") select * from " + CLOSED.fromOne("?", "closed") + """

            on conflict (month) do update set closed_at = excluded.closed_at, closed_by = excluded.closed_by,
                proof_rows = excluded.proof_rows, proof_sha256 = excluded.proof_sha256, sums = excluded.sums,
                warnings = excluded.warnings, archive_sha256 = excluded.archive_sha256
            """;

    private final Batch batch;
    private final Prices prices;
    private final ObjectMapper json;

    ClosePeriod(Batch batch, Prices prices, ObjectMapper json) {
        this.batch = batch;
        this.prices = prices;
        this.json = json;
    }

    /**
     * A month that is to be closed.
     *
     * @param key theirs, for this request
     * @param reason why it is to be closed in spite of findings
     * @param proposedBy whose proposal the request carries out
     */
    record Request(YearMonth month, Actor by, String key, Optional<String> reason, Optional<String> proposedBy) {

        private String use() {
            return UsedKeys.subject(month, by, proposedBy + " " + reason);
        }
    }

    /**
     * A month after a request.
     *
     * @param replayed whether an earlier request with the same key had done it
     * @param made whether this request has done it
     */
    record Changed(Period period, boolean replayed, boolean made) {}

    /** @throws ProblemException when the month is closed, is not over, or is not the next one */
    Changed softClose(Request request) {
        Changed changed = batch.transact(
                connection -> {
                    Sql.first(connection, ALONE, row -> true);
                    boolean done = isDone(connection, request, Act.SOFT_CLOSE);
                    boolean made = !done && softClose(connection, request);
                    Calendar calendar = Calendar.read(connection, prices.zone());
                    Period period = period(calendar, request);
                    return new Changed(period.with(Checklist.of(connection, period, calendar)), done, made);
                },
                () -> refusal(request, List.of(WAITED)));
        if (changed.made()) {
            LOG.infof(
                    "period.soft-closed month=%s by=%s",
                    request.month(), request.by().name());
        }
        return changed;
    }

    private boolean softClose(Connection connection, Request request) throws SQLException {
        Calendar calendar = Calendar.read(connection, prices.zone());
        Period period = period(calendar, request);
        refuseClosed(period);
        refuse(request, Checklist.ofCalendar(period, calendar, Period.PeriodStatus.SOFT_CLOSED));
        if (period.status() == Period.PeriodStatus.SOFT_CLOSED) {
            return false;
        }
        Sql.execute(
                connection,
                SOFT_CLOSE,
                request.month().toString(),
                period.month().from(),
                period.month().to(),
                request.by().name());
        record(connection, request, Act.SOFT_CLOSE, AuditedAct.PERIOD_SOFT_CLOSED, Map.of());
        return true;
    }

    /**
     * Closes a month, or proposes to close it in spite of findings.
     *
     * @throws ProblemException when the month is closed, or something stands in the way
     */
    Changed close(Request request) {
        Changed changed = batch.transact(
                connection -> {
                    // The calendar is read before the key is looked for: another request with it may be closing the
                    // month.
                    Calendar calendar = Calendar.read(connection, prices.zone());
                    boolean done = isDone(connection, request, Act.CLOSE);
                    if (!done) {
                        // What is refused anyway does not wait.
                        closable(connection, request, calendar);
                        Sql.first(connection, HOLD_BILLS, row -> true);
                        Sql.first(connection, ALONE, row -> true);
                        done = isDone(connection, request, Act.CLOSE);
                    }
                    if (!done) {
                        close(connection, request);
                    }
                    return new Changed(now(connection, request), done, !done);
                },
                () -> refusal(request, List.of(WAITED)));
        if (changed.made() && changed.period().status() == Period.PeriodStatus.CLOSED) {
            LOG.infof(
                    "period.closed month=%s by=%s rows=%d sha256=%s",
                    request.month(),
                    request.by().name(),
                    changed.period().rows(),
                    changed.period().hash());
        }
        return changed;
    }

    /** What is not in order with a month that the request may close, or propose to close. */
    private static Checklist closable(Connection connection, Request request, Calendar calendar) throws SQLException {
        Period period = period(calendar, request);
        refuseClosed(period);
        Checklist checklist = Checklist.of(connection, period, calendar);
        refuse(request, checklist.reasons());
        refuse(request, CloseByTwo.refusals(request, Optional.ofNullable(period.proposal()), checklist.findings()));
        return checklist;
    }

    private void close(Connection connection, Request request) throws SQLException {
        Calendar calendar = Calendar.read(connection, prices.zone());
        Checklist checklist = closable(connection, request, calendar);
        Period period = period(calendar, request);
        if (checklist.findings().isEmpty()) {
            Sql.execute(connection, DROP_PROPOSAL, request.month().toString());
            close(connection, request, calendar, checklist);
        } else if (request.proposedBy().isEmpty()) {
            propose(connection, request, period, checklist.findings(), calendar.now());
        } else {
            Sql.execute(
                    connection,
                    CONFIRM,
                    calendar.now(),
                    request.by().name(),
                    request.by().storedPerson(),
                    request.month().toString());
            close(connection, request, calendar, checklist);
        }
    }

    private static void propose(
            Connection connection, Request request, Period period, List<Finding> findings, Instant now)
            throws SQLException {
        String reason = request.reason().orElseThrow();
        Sql.execute(
                connection,
                PROPOSE,
                request.month().toString(),
                period.month().from(),
                period.month().to(),
                Json.encode(findings),
                now,
                request.by().name(),
                request.by().storedPerson(),
                reason);
        record(
                connection,
                request,
                Act.CLOSE,
                AuditedAct.PERIOD_CLOSE_PROPOSED,
                Map.of("reason", reason, "findings", codes(findings)));
        LOG.infof(
                "period.close-proposed month=%s by=%s findings=%s",
                request.month(), request.by().name(), codes(findings));
    }

    /**
     * Declines the proposal to close a month: for who has made it, and for another person who might close it.
     *
     * @throws ProblemException when there is none
     */
    Changed decline(Request request) {
        return batch.transact(
                connection -> {
                    Sql.first(connection, ALONE, row -> true);
                    boolean done = isDone(connection, request, Act.DECLINE);
                    if (!done) {
                        Period period = period(Calendar.read(connection, prices.zone()), request);
                        CloseProposal proposal =
                                Optional.ofNullable(period.proposal()).orElseThrow(ProblemException::notFound);
                        refuseClosed(period);
                        refuse(request, CloseByTwo.refusalsOfDecline(request.by()));
                        Sql.execute(connection, DROP_PROPOSAL, request.month().toString());
                        record(
                                connection,
                                request,
                                Act.DECLINE,
                                AuditedAct.PERIOD_CLOSE_DECLINED,
                                Map.of("proposedBy", proposal.by()));
                    }
                    return new Changed(now(connection, request), done, !done);
                },
                () -> refusal(request, List.of(WAITED)));
    }

    /** The month with its checklist, as a read of it has. */
    private Period now(Connection connection, Request request) throws SQLException {
        Calendar calendar = Calendar.read(connection, prices.zone());
        Period period = period(calendar, request);
        return period.status() == Period.PeriodStatus.CLOSED
                ? period
                : period.with(Checklist.of(connection, period, calendar));
    }

    private void close(Connection connection, Request request, Calendar calendar, Checklist checklist)
            throws SQLException {
        Period period = period(Calendar.read(connection, prices.zone()), request);
        ProofTable proof = new ProofTable(period.month());
        Archive archive = new Archive(connection, period.month());
        String sha256 = archive.add("proof.ndjson", out -> NdjsonFile.write(proof, connection, out));
        if (!proof.isBalanced() || sessionsDiffer(connection, period.month())) {
            refuse(request, List.of(BOOKS_DIFFER));
        }
        List<Sums.View> totals = Sums.View.totals(proof.sums());
        Period closed = new Period(
                period.month(),
                period.softClosedAt(),
                period.softClosedBy(),
                calendar.now(),
                request.by().name(),
                totals,
                proof.rows(),
                sha256,
                null,
                null,
                Period.orNull(checklist.findings()),
                period.proposal(),
                Period.orNull(checklist.warnings()),
                null);
        archive.add("month.json", out -> out.write(json.writeValueAsBytes(closed)));
        archive.addBills();
        String archiveSha256 = archive.end();
        Sql.execute(
                connection,
                CLOSE,
                CLOSED.of(new Closed(closed, checklist.warnings(), archiveSha256))
                        .encode());
        record(connection, request, Act.CLOSE, AuditedAct.PERIOD_CLOSED, detail(closed, archiveSha256));
    }

    private static boolean sessionsDiffer(Connection connection, Month month) throws SQLException {
        return Sql.first(connection, SESSIONS_DIFFER, row -> row.getBoolean("differ"), month.from(), month.to())
                .orElseThrow();
    }

    private static Map<String, String> detail(Period closed, String archive) {
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("rows", String.valueOf(closed.rows()));
        detail.put("sha256", closed.hash());
        detail.put("archive", archive);
        Optional.ofNullable(closed.warnings()).ifPresent(warnings -> detail.put("warnings", codes(warnings)));
        Optional.ofNullable(closed.proposal()).ifPresent(proposal -> {
            detail.put("findings", codes(closed.findings()));
            detail.put("proposedBy", proposal.by());
            detail.put("reason", proposal.reason());
        });
        return detail;
    }

    private static String codes(List<Finding> findings) {
        return findings.stream().map(Finding::code).collect(Collectors.joining(", "));
    }

    private static boolean isDone(Connection connection, Request request, Act act) throws SQLException {
        return UsedKeys.isDone(connection, request.by().name(), request.key(), request.use(), act);
    }

    private static void record(
            Connection connection, Request request, Act act, AuditedAct audited, Map<String, String> detail)
            throws SQLException {
        UsedKeys.use(connection, request.by().name(), request.key(), request.use(), act);
        Audit.record(connection, audited, request.by(), request.month().toString(), detail);
    }

    private static Period period(Calendar calendar, Request request) {
        return calendar.of(request.month()).orElseThrow(ProblemException::notFound);
    }

    private static void refuseClosed(Period period) {
        if (period.status() == Period.PeriodStatus.CLOSED) {
            throw new ProblemException(
                    ProblemCode.PERIOD_CLOSED,
                    ("%s was closed at %s by %s and cannot be reopened. Correct it by an adjustment, which belongs to the"
                                    + " open month and names the closed one.")
                            .formatted(period.month().name(), JsonTime.text(period.closedAt()), period.closedBy()));
        }
    }

    private static void refuse(Request request, List<Finding> findings) {
        if (!findings.isEmpty()) {
            throw refusal(request, findings);
        }
    }

    private static ProblemException refusal(Request request, List<Finding> findings) {
        return new ProblemException(
                        ProblemCode.PERIOD_NOT_CLOSABLE,
                        request.month()
                                + " cannot be closed yet: see reasons. This request has changed nothing; send it again with"
                                + " the same key.")
                .reasons(findings.stream()
                        .map(finding -> new Problem.Reason(finding.code(), finding.detail(), finding.parameters()))
                        .toList());
    }
}

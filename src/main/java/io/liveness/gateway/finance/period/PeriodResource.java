package io.liveness.gateway.finance.period;

import io.liveness.gateway.billing.Prices;
import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.platform.export.Exports;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.export.Table;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Months over HTTP. */
@Path("/v1/periods")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Periods")
class PeriodResource {

    private static final String MONTH = "month";
    /** As the framework writes it where an operation has no other type. */
    private static final MediaType JSON = MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8");

    private final Batch batch;
    private final Prices prices;
    private final Checklist checklist;
    private final ClosePeriod close;
    private final Exports exports;
    private final Audit audit;
    private final SecurityIdentity identity;

    PeriodResource(
            Batch batch,
            Prices prices,
            Checklist checklist,
            ClosePeriod close,
            Exports exports,
            Audit audit,
            SecurityIdentity identity) {
        this.batch = batch;
        this.prices = prices;
        this.checklist = checklist;
        this.close = close;
        this.exports = exports;
        this.audit = audit;
        this.identity = identity;
    }

    @GET
    @Operation(
            operationId = "listPeriods",
            summary = "Lists all months of the books, newest first",
            description = "From the month of the first fee to the current one, without checklists.")
    @APIResponse(responseCode = "200", ref = "PeriodList")
    public PeriodView.All list() {
        Calendar calendar = batch.read(Batch.OF_A_REQUEST, connection -> Calendar.read(connection, prices.zone()));
        return new PeriodView.All(calendar.all().stream().map(PeriodView::of).toList());
    }

    @GET
    @Path("/{month}")
    @Operation(
            operationId = "getPeriod",
            summary = "Returns the state of a month and the reasons why it cannot be closed",
            description = "For a closed month: its sums and the hash of its proof.")
    @APIResponse(responseCode = "200", ref = "Period")
    public PeriodView get(@PathParam(MONTH) @Parameter(name = MONTH, ref = "Month") String month) {
        YearMonth name = Parameters.month(MONTH, month);
        return batch.read(Batch.OF_A_REQUEST, connection -> {
            Calendar calendar = Calendar.read(connection, prices.zone());
            Period period = calendar.of(name).orElseThrow(ProblemException::notFound);
            return period.closed().isPresent()
                    ? PeriodView.of(period)
                    : PeriodView.of(period, checklist.of(connection, period, calendar));
        });
    }

    @POST
    @Path("/{month}/soft-close")
    @RolesAllowed(Roles.FINANCE_ADMIN)
    @Operation(
            operationId = "softClosePeriod",
            summary = "Marks a month as complete and returns the reasons why it cannot be closed",
            description =
                    "A soft close refuses no later change. It requires that the month is over and that the month before"
                            + " is soft-closed or closed. A month that is soft-closed already stays unchanged.")
    @APIResponse(responseCode = "200", ref = "PeriodSoftClosed")
    @APIResponse(responseCode = "400", ref = "BadClosing")
    @APIResponse(responseCode = "409", ref = "NotClosable")
    @APIResponse(responseCode = "422", ref = "KeyReused")
    public RestResponse<PeriodView> softClose(
            @PathParam(MONTH) @Parameter(name = MONTH, ref = "Month") String month,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(name = IdempotencyKey.HEADER, ref = "CloseKey") String key) {
        return answer(close.softClose(request(month, key)));
    }

    @POST
    @Path("/{month}/close")
    @RolesAllowed(Roles.FINANCE_ADMIN)
    @Operation(
            operationId = "closePeriod",
            summary = "Closes a month permanently and stores its sums and the hash of its rows",
            description =
                    "Refused with the reasons while the checklist is not empty. A closed month cannot be reopened:"
                            + " corrections are adjustments in the open month.")
    @APIResponse(responseCode = "200", ref = "PeriodClosed")
    @APIResponse(responseCode = "400", ref = "BadClosing")
    @APIResponse(responseCode = "409", ref = "NotClosable")
    @APIResponse(responseCode = "422", ref = "KeyReused")
    public RestResponse<PeriodView> close(
            @PathParam(MONTH) @Parameter(name = MONTH, ref = "Month") String month,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(name = IdempotencyKey.HEADER, ref = "CloseKey") String key) {
        return answer(close.close(request(month, key)));
    }

    private ClosePeriod.Request request(String month, String key) {
        return new ClosePeriod.Request(
                Parameters.month(MONTH, month), Caller.actor(identity), IdempotencyKey.check(key, "closing"));
    }

    private static RestResponse<PeriodView> answer(ClosePeriod.Changed changed) {
        return IdempotencyKey.answer(PeriodView.of(changed.period(), changed.findings()), changed.replayed());
    }

    @GET
    @Path("/{month}/proof")
    @Produces(FileType.JSON_LINES)
    @Operation(
            operationId = "getPeriodProof",
            summary = "Streams the rows of a closed month; their SHA-256 is its hash",
            description =
                    "One line for the pre-deduction and one for the end of each fee, then the adjustments. A line is a"
                            + " JSON object with fields in a fixed order. `sha256sum` of the answer is the month's `hash`. 404"
                            + " unless the month is closed. An answer that breaks off is incomplete: request it again.")
    @APIResponse(responseCode = "200", ref = "PeriodProof")
    @APIResponse(responseCode = "503", ref = "Busy")
    public Response proof(
            @PathParam(MONTH) @Parameter(name = MONTH, ref = "Month") String month, @Context RoutingContext request) {
        YearMonth name = Parameters.month(MONTH, month);
        Period period = period(name);
        if (period.closed().isEmpty()) {
            throw ProblemException.notFound();
        }
        ProofTable table = new ProofTable(period.month());
        return exports.answer(order(table, FileType.NDJSON, prices.zone(), name), request.request());
    }

    @GET
    @Path("/{month}/reconciliation")
    @Produces({MediaType.APPLICATION_JSON, FileType.TEXT_CSV, FileType.SPREADSHEET})
    @Operation(
            operationId = "reconcilePeriod",
            summary = "Compares a month with its bills: our charges and corrections, the bills' charges, the invoices",
            description =
                    "For each kind of result of the statements in effect, so that every difference is explained by one. As of now,"
                            + " also for a closed month. Accept selects JSON or a file (CSV, XLSX) with the same rows.")
    @APIResponse(responseCode = "200", ref = "Reconciliation")
    @APIResponse(responseCode = "503", ref = "Busy")
    public Response reconcile(
            @PathParam(MONTH) @Parameter(name = MONTH, ref = "Month") String month,
            @QueryParam("timeZone") @Parameter(name = "timeZone", ref = "FileTimeZone") String timeZone,
            @Context HttpHeaders headers,
            @Context RoutingContext request) {
        YearMonth name = Parameters.month(MONTH, month);
        ZoneId zone = Parameters.zone("timeZone", Optional.ofNullable(timeZone).orElse("Asia/Shanghai"));
        Optional<FileType> file = FileType.wanted(headers.getAcceptableMediaTypes());
        if (file.isPresent()) {
            Reconciliation table = new Reconciliation(period(name).month());
            return exports.answer(order(table, file.get(), zone, name), request.request());
        }
        ReconciliationView view = batch.read(Batch.OF_A_REQUEST, connection -> {
            Period period = Calendar.read(connection, prices.zone()).of(name).orElseThrow(ProblemException::notFound);
            return ReconciliationView.of(period, new Reconciliation(period.month()).read(connection));
        });
        return Response.ok(view, JSON).build();
    }

    @GET
    @Path("/{month}/archive")
    @Produces(FileType.ARCHIVE)
    @Operation(
            operationId = "getPeriodArchive",
            summary = "Sends the file of a closed month for the archive",
            description =
                    "A ZIP that was written with the close: the proof, the month with its sums, its reconciliation, statements,"
                            + " differences, acceptances and audit entries, and their SHA-256. `sha256sum` of the answer is the month's"
                            + " `archiveHash`. 404 unless the month is closed. An answer that breaks off is incomplete: request it again.")
    @APIResponse(responseCode = "200", ref = "PeriodArchive")
    @APIResponse(responseCode = "503", ref = "Busy")
    public Response archive(
            @PathParam(MONTH) @Parameter(name = MONTH, ref = "Month") String month, @Context RoutingContext request) {
        YearMonth name = Parameters.month(MONTH, month);
        period(name).closed().flatMap(Period.Closing::archiveSha256).orElseThrow(ProblemException::notFound);
        return exports.answer(order(new ArchiveTable(name), FileType.ZIP, prices.zone(), name), request.request());
    }

    private Period period(YearMonth name) {
        return batch.read(Batch.OF_A_REQUEST, connection -> Calendar.read(connection, prices.zone()))
                .of(name)
                .orElseThrow(ProblemException::notFound);
    }

    /** On the audit list before its first byte. */
    private Exports.Order order(Table<?> table, FileType type, ZoneId zone, YearMonth month) {
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("month", month.toString());
        detail.put("type", type.label());
        if (type == FileType.CSV || type == FileType.XLSX) {
            detail.put("timeZone", zone.getId());
        }
        String actor = Caller.actor(identity);
        return new Exports.Order(
                Caller.of(identity), type, zone, table, () -> audit.recordExport(table.name(), actor, detail));
    }
}

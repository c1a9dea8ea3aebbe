package io.liveness.gateway.finance.month;

import io.liveness.gateway.books.Prices;
import io.liveness.gateway.books.audit.ChargeViewer;
import io.liveness.gateway.books.audit.PageOrFile;
import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.file.Table;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;

/** Months over HTTP. */
@Path("/v1/periods")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class PeriodResource {

    private static final String MONTH = "month";

    private final Batch batch;
    private final Prices prices;
    private final ClosePeriod close;
    private final PageOrFile answers;
    private final SecurityIdentity identity;

    PeriodResource(Batch batch, Prices prices, ClosePeriod close, PageOrFile answers, SecurityIdentity identity) {
        this.batch = batch;
        this.prices = prices;
        this.close = close;
        this.answers = answers;
        this.identity = identity;
    }

    /** All months: so few that they need no pages. */
    record All(List<Period> items) {}

    @GET
    public All list() {
        return new All(calendar().all());
    }

    @GET
    @Path("/{month}")
    public Period get(@PathParam(MONTH) String month) {
        YearMonth name = Parameters.month(MONTH, month);
        return batch.read(Batch.OF_A_REQUEST, connection -> {
            Calendar calendar = Calendar.read(connection, prices.zone());
            Period period = calendar.of(name).orElseThrow(ProblemException::notFound);
            return period.status() == Period.PeriodStatus.CLOSED
                    ? period
                    : period.with(Checklist.of(connection, period, calendar));
        });
    }

    @POST
    @Path("/{month}/soft-close")
    @RolesAllowed(Roles.FINANCE_ADMIN)
    public RestResponse<Period> softClose(
            @PathParam(MONTH) String month, @HeaderParam(IdempotencyKey.HEADER) String key) {
        return answer(close.softClose(request(month, key, Optional.empty(), Optional.empty())));
    }

    @POST
    @Path("/{month}/close")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.FINANCE_ADMIN)
    public RestResponse<Period> close(
            @PathParam(MONTH) String month,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = "is required") CloseRequest given) {
        Optional<String> proposedBy = Parameters.optionalText("proposedBy", given.proposedBy, Caller.LONGEST_ACTOR);
        Optional<String> reason = Optional.ofNullable(given.reason).map(Parameters::reason);
        if (proposedBy.isPresent() && reason.isPresent()) {
            throw ProblemException.invalid("reason", "is that of the proposal: send either reason or proposedBy");
        }
        return answer(close.close(request(month, key, reason, proposedBy)));
    }

    /** Why a month is closed in spite of findings, or whose proposal to do so is carried out; both null without findings. */
    record CloseRequest(String reason, String proposedBy) {}

    @DELETE
    @Path("/{month}/close")
    @RolesAllowed(Roles.FINANCE_ADMIN)
    public RestResponse<Period> decline(
            @PathParam(MONTH) String month, @HeaderParam(IdempotencyKey.HEADER) String key) {
        return answer(close.decline(request(month, key, Optional.empty(), Optional.empty())));
    }

    private ClosePeriod.Request request(
            String month, String key, Optional<String> reason, Optional<String> proposedBy) {
        return new ClosePeriod.Request(
                Parameters.month(MONTH, month),
                Actor.of(identity),
                IdempotencyKey.required(key, "closing"),
                reason,
                proposedBy);
    }

    private static RestResponse<Period> answer(ClosePeriod.Changed changed) {
        return IdempotencyKey.answer(changed.period(), changed.replayed());
    }

    @GET
    @Path("/{month}/proof")
    @Produces(FileType.JSON_LINES)
    public Response proof(@PathParam(MONTH) String month, @Context RoutingContext request) {
        YearMonth name = Parameters.month(MONTH, month);
        Period period = period(name);
        if (period.status() != Period.PeriodStatus.CLOSED) {
            throw ProblemException.notFound();
        }
        ProofTable table = new ProofTable(period.month());
        return file(table, FileType.NDJSON, name, request);
    }

    @GET
    @Path("/{month}/reconciliation")
    @Produces({MediaType.APPLICATION_JSON, FileType.TEXT_CSV, FileType.SPREADSHEET})
    public Response reconcile(
            @PathParam(MONTH) String month,
            @QueryParam("timeZone") String timeZone,
            @Context Request accepted,
            @Context RoutingContext request) {
        YearMonth name = Parameters.month(MONTH, month);
        return answers.answer(
                ChargeViewer.of(identity),
                Parameters.timeZone(timeZone),
                Map.of(MONTH, name.toString()),
                () -> reconciliation(name),
                order -> new Reconciliation(period(name).month()),
                accepted,
                request);
    }

    private Reconciliation.View reconciliation(YearMonth name) {
        return batch.read(Batch.OF_A_REQUEST, connection -> {
            Period period = Calendar.read(connection, prices.zone()).of(name).orElseThrow(ProblemException::notFound);
            return new Reconciliation(period.month()).view(connection, period.status());
        });
    }

    @GET
    @Path("/{month}/archive")
    @Produces(FileType.ARCHIVE)
    public Response archive(@PathParam(MONTH) String month, @Context RoutingContext request) {
        YearMonth name = Parameters.month(MONTH, month);
        if (period(name).archiveHash() == null) {
            throw ProblemException.notFound();
        }
        return file(new Archive.Stored(name), FileType.ZIP, name, request);
    }

    private Period period(YearMonth name) {
        return calendar().of(name).orElseThrow(ProblemException::notFound);
    }

    private Calendar calendar() {
        return batch.read(Batch.OF_A_REQUEST, connection -> Calendar.read(connection, prices.zone()));
    }

    private Response file(Table table, FileType type, YearMonth month, RoutingContext request) {
        return answers.file(table, type, prices.zone(), Map.of(MONTH, month.toString()), request);
    }
}

package io.liveness.gateway.finance.period;

import io.liveness.gateway.platform.Uncancellable;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.YearMonth;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Months over HTTP. */
@Path(PeriodResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Periods")
class PeriodResource {

    static final String PATH = "/v1/periods";

    private final Periods periods;
    private final Checklist checklist;
    private final SoftClosePeriod softClose;
    private final ClosePeriod close;
    private final SecurityIdentity identity;

    PeriodResource(
            Periods periods,
            Checklist checklist,
            SoftClosePeriod softClose,
            ClosePeriod close,
            SecurityIdentity identity) {
        this.periods = periods;
        this.checklist = checklist;
        this.softClose = softClose;
        this.close = close;
        this.identity = identity;
    }

    @GET
    @Operation(
            operationId = "listPeriods",
            summary = "Lists all months of the books, newest first",
            description = "From the month of the first fee to the current one, without checklists.")
    @APIResponse(responseCode = "200", ref = "PeriodList")
    public Uni<PeriodList> list() {
        return periods.calendar()
                .map(calendar -> new PeriodList(
                        calendar.all().stream().map(PeriodView::of).toList()));
    }

    @GET
    @Path("/{month}")
    @Operation(
            operationId = "getPeriod",
            summary = "Returns the state of a month and the reasons why it cannot be closed",
            description = "For a closed month: its sums and the hash of its proof.")
    @APIResponse(responseCode = "200", ref = "Period")
    public Uni<PeriodView> get(@BeanParam MonthPath path) {
        YearMonth name = path.month();
        return periods.calendar().chain(calendar -> {
            Period period = calendar.of(name).orElseThrow(ProblemException::notFound);
            return period.closed().isPresent()
                    ? Uni.createFrom().item(PeriodView.of(period))
                    : checklist.of(period, calendar).map(findings -> PeriodView.of(period, findings));
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
    public Uni<RestResponse<PeriodView>> softClose(@BeanParam ClosingPath path) {
        return softClose.softClose(request(path)).map(PeriodResource::answer);
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
    public Uni<RestResponse<PeriodView>> close(@BeanParam ClosingPath path) {
        return Uncancellable.from(close.close(request(path))).map(PeriodResource::answer);
    }

    private PeriodRequest request(ClosingPath path) {
        return new PeriodRequest(path.month(), Caller.actor(identity), path.key());
    }

    private static RestResponse<PeriodView> answer(Changed changed) {
        return IdempotencyKey.answer(PeriodView.of(changed.period(), changed.findings()), changed.replayed());
    }
}

package io.liveness.gateway.finance.summary;

import io.liveness.gateway.finance.ChargeViewer;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Sums of charges over HTTP. */
@Path("/v1/charges")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
@Tag(ref = "Charges")
@APIResponse(responseCode = "503", ref = "Busy")
class SummaryResource {

    /** Of summaries at once in a process: each keeps a processor of the database busy. */
    static final int MAX_AT_ONCE = 4;

    static final int MAX_OF_A_CALLER = 2;

    private static final Duration SOON = Duration.ofSeconds(1);

    private final SumCharges charges;
    private final OpenFees open;
    private final Clock clock;
    private final Refusals refusals;
    private final SecurityIdentity identity;
    private final Bulkhead places = new Bulkhead(MAX_AT_ONCE, MAX_OF_A_CALLER);

    SummaryResource(SumCharges charges, OpenFees open, Clock clock, Refusals refusals, SecurityIdentity identity) {
        this.charges = charges;
        this.open = open;
        this.clock = clock;
        this.refusals = refusals;
        this.identity = identity;
    }

    @GET
    @Path("/summary")
    @Operation(
            operationId = "summarizeCharges",
            summary = "Sums charges by day, month, caller, cost centre or status",
            description =
                    "The roles finance and finance-admin see the charges of all callers; other callers see their own. A"
                            + " fee counts on the day of its pre-deduction, whatever the day of its end. An adjustment counts on"
                            + " the day of the fee or line that it corrects, or of its recording when that month was closed before.")
    @APIResponse(responseCode = "200", ref = "ChargeSummary")
    public SummaryView summary(@BeanParam SummaryQuery query) {
        ChargeViewer viewer = ChargeViewer.of(identity);
        SumCharges.Filter filter = query.filter(viewer, clock.instant());
        places.take(viewer.caller()).ifPresent(full -> {
            throw refusal(viewer.caller(), full);
        });
        try {
            return SummaryView.of(charges.sum(filter), filter);
        } finally {
            places.leave(viewer.caller());
        }
    }

    @GET
    @Path("/open-by-age")
    @Operation(
            operationId = "sumOpenFees",
            summary = "Sums the fees that are open, by age",
            description =
                    "The roles finance and finance-admin see the fees of all callers; other callers see their own. A fee"
                            + " is open while it has no verdict. It is also open when init's answer was lost and the fee is not"
                            + " refunded yet.")
    @APIResponse(responseCode = "200", ref = "OpenFees")
    public OpenFeesView openByAge(
            @QueryParam("caller") @Parameter(name = "caller", ref = "ChargeCaller") String caller) {
        return OpenFeesView.of(open.byAge(SummaryQuery.whose(caller, ChargeViewer.of(identity))));
    }

    private ProblemException refusal(Caller caller, Bulkhead.Full full) {
        refusals.count(caller, RefusedBy.SUMMARIES);
        return full == Bulkhead.Full.CALLER
                ? new ProblemException(
                                CommonProblem.RATE_LIMITED,
                                "At most " + MAX_OF_A_CALLER
                                        + " of your summaries run at a time; send the request again after Retry-After seconds.")
                        .retryAfter(SOON)
                : new ProblemException(
                                CommonProblem.BUSY,
                                "Too many summaries are running; send the request again after Retry-After seconds.")
                        .retryAfter(SOON);
    }
}

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

/** Sums of charges over HTTP. */
@Path("/v1/charges")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
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
    public OpenFeesView openByAge(@QueryParam("caller") String caller) {
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

package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.period.proof.StreamProof;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import java.time.Duration;
import java.time.YearMonth;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The proof of a month over HTTP. */
@Path(PeriodResource.PATH)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Periods")
@APIResponse(responseCode = "503", ref = "Busy")
class ProofResource {

    /** Of them at once in a process: each keeps a processor of the database busy. */
    static final int MAX_AT_ONCE = 4;

    static final int MAX_OF_A_CALLER = 2;

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Periods periods;
    private final StreamProof proofs;
    private final Refusals refusals;
    private final SecurityIdentity identity;
    private final Bulkhead places = new Bulkhead(MAX_AT_ONCE, MAX_OF_A_CALLER);

    ProofResource(Periods periods, StreamProof proofs, Refusals refusals, SecurityIdentity identity) {
        this.periods = periods;
        this.proofs = proofs;
        this.refusals = refusals;
        this.identity = identity;
    }

    @GET
    @Path("/{month}/proof")
    @Produces(StreamProof.MEDIA_TYPE)
    @Operation(
            operationId = "getPeriodProof",
            summary = "Streams the rows of a closed month; their SHA-256 is its hash",
            description =
                    "One line for the pre-deduction and one for the end of each fee, then the adjustments. A line is a"
                            + " JSON object with fields in a fixed order. `sha256sum` of the answer is the month's `hash`. 404"
                            + " unless the month is closed. An answer that breaks off is incomplete: request it again.")
    @APIResponse(responseCode = "200", ref = "PeriodProof")
    public Uni<Void> get(@BeanParam MonthPath path, @Context RoutingContext request) {
        YearMonth name = path.month();
        Caller caller = Caller.of(identity);
        Uni<Boolean> sent = places.run(
                caller,
                () -> periods.of(name).chain(period -> {
                    if (period.closed().isEmpty()) {
                        throw ProblemException.notFound();
                    }
                    return proofs.stream(period.month(), request.request());
                }),
                full -> Uni.createFrom().failure(refusal(caller, full)));
        // After an answer that was broken off there is none: this is cancelled with the connection, its place is free.
        return sent.chain(
                whole -> whole ? Uni.createFrom().voidItem() : Uni.createFrom().nothing());
    }

    private ProblemException refusal(Caller caller, Bulkhead.Full full) {
        refusals.count(caller, RefusedBy.PROOFS);
        return full == Bulkhead.Full.CALLER
                ? new ProblemException(
                                CommonProblem.RATE_LIMITED,
                                "At most " + MAX_OF_A_CALLER
                                        + " of your proofs are sent at a time; send the request again after Retry-After seconds.")
                        .retryAfter(SOON)
                : new ProblemException(
                                CommonProblem.BUSY,
                                "Too many proofs are being sent; send the request again after Retry-After seconds.")
                        .retryAfter(SOON);
    }
}

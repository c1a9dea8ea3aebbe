package io.liveness.gateway.statement.difference;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.statement.difference.AcceptDifferences.Which;
import io.liveness.gateway.statement.difference.DifferenceFilter.State;
import io.liveness.gateway.statement.difference.KeyedWork.Request;
import io.liveness.gateway.statement.matching.MatchKind;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;

/** Work on the differences of a statement over HTTP. */
@Path("/v1/statements")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class WorkResource {

    private static final String REQUIRED = "is required";
    private static final int MOST = 200;
    /** The longest reason, in characters. */
    private static final int TEXT = 500;

    private final AcceptDifferences acceptances;
    private final MatchByHand matches;
    private final ListDifferences differences;
    private final SecurityIdentity identity;

    WorkResource(
            AcceptDifferences acceptances,
            MatchByHand matches,
            ListDifferences differences,
            SecurityIdentity identity) {
        this.acceptances = acceptances;
        this.matches = matches;
        this.differences = differences;
        this.identity = identity;
    }

    @POST
    @Path("/{id}/differences/accept")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<DifferenceView.Page> acceptMany(
            @PathParam("id") String id,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = REQUIRED) @Valid Many body) {
        List<UUID> ids = body.differences();
        String reason = reason(body.reason);
        Request request = request(id, key, ids, " " + reason);
        boolean replayed = acceptances.accept(request, Which.these(ids), reason);
        return IdempotencyKey.answer(new DifferenceView.Page(differences.of(request.statement(), ids), null), replayed);
    }

    @POST
    @Path("/{id}/differences/accept-fitting")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<Worked> acceptFitting(
            @PathParam("id") String id,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = REQUIRED) @Valid Fitting body) {
        DifferenceFilter filter = fitting(body.kind, body.assignee, State.OPEN);
        String reason = reason(body.reason);
        Request request = request(id, key, filter.fingerprint(), body.count, reason);
        boolean replayed = acceptances.accept(request, Which.fitting(filter, body.count), reason);
        return IdempotencyKey.answer(new Worked(body.count), replayed);
    }

    @POST
    @Path("/{id}/differences/confirm-fitting")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.FINANCE_ADMIN)
    public RestResponse<Worked> confirmFitting(
            @PathParam("id") String id,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = REQUIRED) @Valid Confirm body) {
        DifferenceFilter filter = fitting(body.kind, body.assignee, State.PROPOSED);
        Request request = request(id, key, filter.fingerprint(), body.count);
        boolean replayed = acceptances.confirm(request, Which.fitting(filter, body.count));
        return IdempotencyKey.answer(new Worked(body.count), replayed);
    }

    @POST
    @Path("/{id}/differences/{differenceId}/accept")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<DifferenceView> accept(
            @PathParam("id") String id,
            @PathParam("differenceId") String differenceId,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = REQUIRED) @Valid Reason body) {
        UUID difference = Parameters.uuid("differenceId", differenceId);
        String reason = reason(body.reason);
        Request request = request(id, key, difference, reason);
        return one(request, difference, acceptances.accept(request, Which.these(List.of(difference)), reason));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/confirm")
    @RolesAllowed(Roles.FINANCE_ADMIN)
    public RestResponse<DifferenceView> confirm(
            @PathParam("id") String id,
            @PathParam("differenceId") String differenceId,
            @HeaderParam(IdempotencyKey.HEADER) String key) {
        UUID difference = Parameters.uuid("differenceId", differenceId);
        Request request = request(id, key, difference);
        return one(request, difference, acceptances.confirm(request, Which.these(List.of(difference))));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/un-accept")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<DifferenceView> unaccept(
            @PathParam("id") String id,
            @PathParam("differenceId") String differenceId,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = REQUIRED) @Valid Reason body) {
        UUID difference = Parameters.uuid("differenceId", differenceId);
        String reason = reason(body.reason);
        Request request = request(id, key, difference, reason);
        boolean mayConfirm = identity.hasRole(Roles.FINANCE_ADMIN);
        return one(request, difference, acceptances.unaccept(request, difference, reason, mayConfirm));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/match")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<DifferenceView> match(
            @PathParam("id") String id,
            @PathParam("differenceId") String differenceId,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = REQUIRED) @Valid Match body) {
        UUID difference = Parameters.uuid("differenceId", differenceId);
        UUID session = Parameters.uuid("sessionId", body.sessionId);
        String reason = reason(body.reason);
        Request request = request(id, key, difference, session, reason);
        return one(request, difference, matches.match(request, difference, session, reason));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/un-match")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<DifferenceView> unmatch(
            @PathParam("id") String id,
            @PathParam("differenceId") String differenceId,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @NotNull(message = REQUIRED) @Valid Reason body) {
        UUID difference = Parameters.uuid("differenceId", differenceId);
        String reason = reason(body.reason);
        Request request = request(id, key, difference, reason);
        return one(request, difference, matches.unmatch(request, difference, reason));
    }

    private static String reason(String given) {
        return Parameters.text("reason", given, 1, TEXT);
    }

    private static DifferenceFilter fitting(MatchKind kind, String assignee, State state) {
        return new DifferenceFilter(
                Optional.ofNullable(kind), Optional.of(state), DifferenceFilter.checkedAssignee(assignee));
    }

    private Request request(String statement, String key, Object... content) {
        return Request.of(identity, Parameters.uuid("id", statement), IdempotencyKey.check(key, "change"), content);
    }

    private RestResponse<DifferenceView> one(Request request, UUID difference, boolean replayed) {
        return IdempotencyKey.answer(
                differences.of(request.statement(), List.of(difference)).get(0), replayed);
    }

    /** Why a difference is accepted, or no more. */
    record Reason(@NotNull(message = REQUIRED) String reason) {}

    /** Which differences are accepted together, and why. */
    record Many(
            @NotNull(message = REQUIRED) @Size(min = 1, max = MOST, message = "must have 1 to 200 ids")
            List<String> ids,

            @NotNull(message = REQUIRED) String reason) {

        /** @throws ProblemException for a malformed id, or one that is given twice */
        List<UUID> differences() {
            Set<UUID> read = new TreeSet<>();
            // A null of the list is text that is no id.
            for (int i = 0; i < ids.size(); i++) {
                if (!read.add(Parameters.uuid("ids[" + i + "]", String.valueOf(ids.get(i))))) {
                    throw ProblemException.invalid("ids[" + i + "]", "is a duplicate");
                }
            }
            return List.copyOf(read);
        }
    }

    /** All that a filter fits. */
    record Fitting(
            MatchKind kind,

            String assignee,

            @NotNull(message = REQUIRED) @Min(value = 1, message = "must be at least 1")
            Integer count,

            @NotNull(message = REQUIRED) String reason) {}

    /** All proposals that a filter fits. */
    record Confirm(
            MatchKind kind,

            String assignee,

            @NotNull(message = REQUIRED) @Min(value = 1, message = "must be at least 1")
            Integer count) {}

    /** Whose fee a line is, and why that is known. */
    record Match(
            @NotNull(message = REQUIRED) String sessionId,

            @NotNull(message = REQUIRED) String reason) {}

    /** What a request about all that a filter fits has done. */
    record Worked(int count) {}
}

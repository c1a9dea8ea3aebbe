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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Work on the differences of a statement over HTTP. */
@Path("/v1/statements")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
@Tag(ref = "Statements")
@APIResponse(responseCode = "400", ref = "BadWork")
@APIResponse(responseCode = "409", ref = "DifferenceConflict")
@APIResponse(responseCode = "422", ref = "KeyReused")
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
    @Operation(
            operationId = "acceptStatementDifferences",
            summary = "Accepts several differences: all or none",
            description =
                    "As accepting one difference. When the sum of the adjustments, with those that the same person has"
                            + " accepted of the statement without a second person, is above `liveness.finance.four-eyes-above`,"
                            + " each of them is proposed.")
    @RequestBody(ref = "AcceptDifferences")
    @APIResponse(responseCode = "200", ref = "DifferencesAccepted")
    public RestResponse<DifferenceView.Page> acceptMany(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(ref = "WorkKey") String key,
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
    @Operation(
            operationId = "acceptFittingStatementDifferences",
            summary = "Accepts all open differences that a filter fits, or none",
            description = "As accepting several differences, with one reason. At most 100000 at once.")
    @RequestBody(ref = "AcceptFitting")
    @APIResponse(responseCode = "200", ref = "DifferencesWorked")
    public RestResponse<Worked> acceptFitting(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(ref = "WorkKey") String key,
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
    @Operation(
            operationId = "confirmFittingStatementDifferences",
            summary = "Confirms all proposals that a filter fits, or none",
            description = "As confirming one proposal. With a proposal of the same person among them nothing is done.")
    @RequestBody(ref = "ConfirmFitting")
    @APIResponse(responseCode = "200", ref = "DifferencesWorked")
    public RestResponse<Worked> confirmFitting(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(ref = "WorkKey") String key,
            @NotNull(message = REQUIRED) @Valid Confirm body) {
        DifferenceFilter filter = fitting(body.kind, body.assignee, State.PROPOSED);
        Request request = request(id, key, filter.fingerprint(), body.count);
        boolean replayed = acceptances.confirm(request, Which.fitting(filter, body.count));
        return IdempotencyKey.answer(new Worked(body.count), replayed);
    }

    @POST
    @Path("/{id}/differences/{differenceId}/accept")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "acceptStatementDifference",
            summary = "Accepts a difference: the ledger is adjusted to the statement",
            description =
                    "Writes the adjustment that the difference requires, if any. When the adjustments that the same"
                            + " person accepts of the statement without a second person would be above"
                            + " `liveness.finance.four-eyes-above`, it is proposed, and written when a second person confirms it.")
    @RequestBody(ref = "AcceptDifference")
    @APIResponse(responseCode = "200", ref = "DifferenceAccepted")
    public RestResponse<DifferenceView> accept(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @PathParam("differenceId") @Parameter(ref = "DifferenceId") String differenceId,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(ref = "WorkKey") String key,
            @NotNull(message = REQUIRED) @Valid Reason body) {
        UUID difference = Parameters.uuid("differenceId", differenceId);
        String reason = reason(body.reason);
        Request request = request(id, key, difference, reason);
        return one(request, difference, acceptances.accept(request, Which.these(List.of(difference)), reason));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/confirm")
    @RolesAllowed(Roles.FINANCE_ADMIN)
    @Operation(
            operationId = "confirmStatementDifference",
            summary = "Confirms another person's proposal and writes the adjustment",
            description =
                    "The person that made the proposal cannot confirm it, by any client. A service cannot either.")
    @APIResponse(responseCode = "200", ref = "DifferenceAccepted")
    public RestResponse<DifferenceView> confirm(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @PathParam("differenceId") @Parameter(ref = "DifferenceId") String differenceId,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(ref = "WorkKey") String key) {
        UUID difference = Parameters.uuid("differenceId", differenceId);
        Request request = request(id, key, difference);
        return one(request, difference, acceptances.confirm(request, Which.these(List.of(difference))));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/un-accept")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "unacceptStatementDifference",
            summary = "Revokes an acceptance or a proposal",
            description =
                    "The difference is open again. The adjustment stays in the ledger; a counter-entry cancels it. What a"
                            + " second person has confirmed, two revoke: the first request proposes it, and one of another person"
                            + " with the role finance-admin does it.")
    @RequestBody(ref = "UnacceptDifference")
    @APIResponse(responseCode = "200", ref = "DifferenceUnaccepted")
    public RestResponse<DifferenceView> unaccept(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @PathParam("differenceId") @Parameter(ref = "DifferenceId") String differenceId,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(ref = "WorkKey") String key,
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
    @Operation(
            operationId = "matchStatementDifference",
            summary = "Assigns an unmatched line to a session by hand",
            description =
                    "The line must be `MISSING_IN_LEDGER` or `AMBIGUOUS`, and open. It gets the result that a line with"
                            + " the task number of this session's init would have. The result that this session has no line is"
                            + " removed. The ledger does not change.")
    @RequestBody(ref = "MatchDifference")
    @APIResponse(responseCode = "200", ref = "DifferenceMatched")
    public RestResponse<DifferenceView> match(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @PathParam("differenceId") @Parameter(ref = "DifferenceId") String differenceId,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(ref = "WorkKey") String key,
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
    @Operation(
            operationId = "unmatchStatementDifference",
            summary = "Undoes a match by hand",
            description =
                    "Restores the results of the matching. Refused while a difference of the line is accepted or proposed.")
    @RequestBody(ref = "UnmatchDifference")
    @APIResponse(responseCode = "200", ref = "DifferenceUnmatched")
    public RestResponse<DifferenceView> unmatch(
            @PathParam("id") @Parameter(ref = "StatementId") String id,
            @PathParam("differenceId") @Parameter(ref = "DifferenceId") String differenceId,
            @HeaderParam(IdempotencyKey.HEADER) @Parameter(ref = "WorkKey") String key,
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
    @Schema(
            name = "DifferenceReason",
            description = "The reason for accepting a difference, for revoking an acceptance or for undoing a match.",
            additionalProperties = Schema.False.class)
    record Reason(
            @NotNull(message = REQUIRED)
            @Schema(description = "Free text for readers.", minLength = 1, maxLength = TEXT)
            String reason) {}

    /** Which differences are accepted together, and why. */
    @Schema(
            name = "AcceptDifferencesRequest",
            description = "Differences that are accepted together for one reason: all or none.",
            additionalProperties = Schema.False.class)
    record Many(
            @NotNull(message = REQUIRED)
            @Size(min = 1, max = MOST, message = "must have 1 to 200 ids")
            @Schema(
                    type = SchemaType.ARRAY,
                    implementation = UUID.class,
                    description = "Ids of differences of the statement, without duplicates.",
                    minItems = 1,
                    maxItems = MOST)
            List<String> ids,

            @NotNull(message = REQUIRED)
            @Schema(description = "Free text for readers.", minLength = 1, maxLength = TEXT)
            String reason) {

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
    @Schema(
            name = "AcceptFittingRequest",
            description = "Open differences that are accepted together for one reason: all that fit, or none.",
            additionalProperties = Schema.False.class)
    record Fitting(
            @Schema(description = "Only differences of this kind.")
            MatchKind kind,

            @Schema(
                    description = "Only differences with this assignee.",
                    minLength = 1,
                    maxLength = DifferenceFilter.ASSIGNEE)
            String assignee,

            @NotNull(message = REQUIRED)
            @Min(value = 1, message = "must be at least 1")
            @Schema(
                    description =
                            "How many differences fit, as the list or the file showed. With any other number nothing is done.",
                    minimum = "1")
            Integer count,

            @NotNull(message = REQUIRED)
            @Schema(description = "Free text for readers.", minLength = 1, maxLength = TEXT)
            String reason) {}

    /** All proposals that a filter fits. */
    @Schema(
            name = "ConfirmFittingRequest",
            description = "Proposals of other persons that are confirmed together: all that fit, or none.",
            additionalProperties = Schema.False.class)
    record Confirm(
            @Schema(description = "Only differences of this kind.")
            MatchKind kind,

            @Schema(
                    description = "Only differences with this assignee.",
                    minLength = 1,
                    maxLength = DifferenceFilter.ASSIGNEE)
            String assignee,

            @NotNull(message = REQUIRED)
            @Min(value = 1, message = "must be at least 1")
            @Schema(
                    description =
                            "How many proposals fit, as the list or the file showed. With any other number nothing is done.",
                    minimum = "1")
            Integer count) {}

    /** Whose fee a line is, and why that is known. */
    @Schema(
            name = "MatchDifferenceRequest",
            description = "The session that a line belongs to, and the reason.",
            additionalProperties = Schema.False.class)
    record Match(
            @NotNull(message = REQUIRED) @Schema(implementation = UUID.class, description = "The session of the fee.")
            String sessionId,

            @NotNull(message = REQUIRED)
            @Schema(description = "Free text for readers.", minLength = 1, maxLength = TEXT)
            String reason) {}

    /** What a request about all that a filter fits has done. */
    @Schema(name = "DifferencesWorked", description = "What was done with all differences that fitted.")
    record Worked(
            @Schema(
                    required = true,
                    description = "How many differences were accepted, proposed or confirmed.",
                    minimum = "1")
            int count) {}
}

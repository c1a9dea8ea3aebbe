package io.liveness.gateway.bill.work;

import static io.liveness.gateway.bill.StatementProblem.refuseWhen;

import io.liveness.gateway.bill.Invoice;
import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.bill.work.AcceptDifferences.Which;
import io.liveness.gateway.bill.work.DifferenceFilter.WorkState;
import io.liveness.gateway.bill.work.KeyedWork.Bill;
import io.liveness.gateway.bill.work.KeyedWork.Request;
import io.liveness.gateway.bill.work.ListDifferences.DifferenceView;
import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.books.audit.PageOrFile;
import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestResponse;

/** The results of a statement, and the work on them, over HTTP. */
@Path("/v1/statements")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class DifferenceResource {

    private static final String REQUIRED = "is required";
    private static final int MOST = 200;
    /** The longest note, in characters. */
    private static final int TEXT = 500;

    private final ListDifferences differences;
    private final SumDifferences sums;
    private final Batch batch;
    private final AcceptDifferences acceptances;
    private final MatchByHand matches;
    private final PageOrFile answers;
    private final SecurityIdentity identity;

    DifferenceResource(
            ListDifferences differences,
            SumDifferences sums,
            Batch batch,
            AcceptDifferences acceptances,
            MatchByHand matches,
            PageOrFile answers,
            SecurityIdentity identity) {
        this.differences = differences;
        this.sums = sums;
        this.batch = batch;
        this.acceptances = acceptances;
        this.matches = matches;
        this.answers = answers;
        this.identity = identity;
    }

    @GET
    @Path("/{id}/differences")
    @Produces({MediaType.APPLICATION_JSON, FileType.TEXT_CSV, FileType.SPREADSHEET})
    public Response list(
            @PathParam("id") String id,
            @BeanParam DifferenceFilter.DifferenceQuery query,
            @BeanParam PageOrFile.FileQuery pages,
            @Context jakarta.ws.rs.core.Request accepted,
            @Context RoutingContext request) {
        UUID statement = Parameters.uuid("id", id);
        DifferenceFilter filter = query.filter();
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("statement", statement.toString());
        parameters.putAll(filter.text());
        return answers.answer(
                pages,
                parameters,
                () -> page(statement, filter, pages),
                order -> {
                    differences.requireResults(statement);
                    return new ListDifferences.Claim(statement, filter, order);
                },
                accepted,
                request);
    }

    private Page<DifferenceView> page(UUID statement, DifferenceFilter filter, PageOrFile.FileQuery pages) {
        return pages.page(
                List.of(statement, filter.text()),
                (after, rows) -> differences.page(statement, filter, after, rows),
                DifferenceView::id);
    }

    @GET
    @Path("/{id}/differences/sums")
    public SumDifferences.View sums(@PathParam("id") String id, @BeanParam DifferenceFilter.DifferenceQuery query) {
        return sums.sums(Parameters.uuid("id", id), query.filter());
    }

    @PUT
    @Path("/{id}/differences/{differenceId}/note")
    @Consumes(MediaType.APPLICATION_JSON)
    public DifferenceView note(
            @PathParam("id") String id,
            @PathParam("differenceId") String differenceId,
            @NotNull(message = REQUIRED) @Valid Note body) {
        UUID statement = Parameters.uuid("id", id);
        UUID difference = Parameters.uuid("differenceId", differenceId);
        Optional<String> note = Optional.ofNullable(body.note).map(given -> Parameters.text("note", given, 1, TEXT));
        note(statement, difference, note, DifferenceFilter.checkedAssignee(body.assignee), Actor.of(identity));
        return differences.of(statement, List.of(difference)).get(0);
    }

    /** Replaces an earlier note, and records it on the audit list. */
    private void note(UUID statement, UUID difference, Optional<String> note, Optional<String> assignee, Actor by) {
        batch.transact(connection -> {
            Bill bill = KeyedWork.lock(connection, statement).orElseThrow(ProblemException::notFound);
            bill.require(connection, List.of(difference));
            int noted = Sql.execute(connection, """
                    insert into difference_note (difference_id, statement_id, note, assignee, set_by, set_at)
                    select m.id, m.statement_id, ?, ?, ?, liveness_now()
                    from statement_match m where m.id = ? and m.kind not in ('MATCHED', 'NOT_BILLED', 'CUT_OFF')
                    on conflict (difference_id) do update
                    set note = excluded.note, assignee = excluded.assignee, set_by = excluded.set_by, set_at = excluded.set_at
                    """, note, assignee, by.name(), difference);
            refuseWhen(noted == 0, difference, "no-difference");
            Map<String, String> detail = new LinkedHashMap<>(Map.of("statement", statement.toString()));
            note.ifPresent(text -> detail.put("note", text));
            assignee.ifPresent(name -> detail.put("assignee", name));
            Audit.record(connection, AuditedAct.DIFFERENCE_NOTED, by, difference.toString(), detail);
            return null;
        });
    }

    /** The note and the assignee of a difference. */
    record Note(String note, String assignee) {}

    /** The statement that is worked on, and the key of the request. */
    static class Keyed {

        @PathParam("id")
        String id;

        @HeaderParam(IdempotencyKey.HEADER)
        String key;
    }

    /** One of its differences. */
    static class KeyedOne extends Keyed {

        @PathParam("differenceId")
        String differenceId;
    }

    @POST
    @Path("/{id}/differences/accept")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<Page<DifferenceView>> acceptMany(
            @BeanParam Keyed keyed, @NotNull(message = REQUIRED) @Valid Many body) {
        List<UUID> ids = body.differences();
        String reason = Parameters.reason(body.reason);
        Request request = request(keyed, ids, " " + reason);
        boolean replayed = acceptances.accept(request, Which.these(ids), Optional.empty(), reason);
        return IdempotencyKey.answer(new Page<>(differences.of(request.statement(), ids), null), replayed);
    }

    @POST
    @Path("/{id}/differences/accept-fitting")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<Worked> acceptFitting(
            @BeanParam Keyed keyed, @NotNull(message = REQUIRED) @Valid Fitting body) {
        DifferenceFilter filter = fitting(body.kind, body.assignee, WorkState.OPEN);
        String reason = Parameters.reason(body.reason);
        Request request = request(keyed, filter.text(), body.count, reason);
        boolean replayed = acceptances.accept(request, Which.fitting(filter, body.count), Optional.empty(), reason);
        return IdempotencyKey.answer(new Worked(body.count), replayed);
    }

    @POST
    @Path("/{id}/differences/confirm-fitting")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.FINANCE_ADMIN)
    public RestResponse<Worked> confirmFitting(
            @BeanParam Keyed keyed, @NotNull(message = REQUIRED) @Valid Confirm body) {
        DifferenceFilter filter = fitting(body.kind, body.assignee, WorkState.PROPOSED);
        Request request = request(keyed, filter.text(), body.count);
        boolean replayed = acceptances.confirm(request, Which.fitting(filter, body.count));
        return IdempotencyKey.answer(new Worked(body.count), replayed);
    }

    @POST
    @Path("/{id}/differences/{differenceId}/accept")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<DifferenceView> accept(
            @BeanParam KeyedOne keyed, @NotNull(message = REQUIRED) @Valid AcceptOne body) {
        String reason = Parameters.reason(body.reason);
        Optional<String> waived = Optional.ofNullable(body.waived);
        return one(
                keyed,
                (request, one) -> acceptances.accept(request, Which.these(List.of(one)), waived, reason),
                waived,
                reason);
    }

    @POST
    @Path("/{id}/differences/{differenceId}/confirm")
    @RolesAllowed(Roles.FINANCE_ADMIN)
    public RestResponse<DifferenceView> confirm(@BeanParam KeyedOne keyed) {
        return one(keyed, (request, one) -> acceptances.confirm(request, Which.these(List.of(one))));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/un-accept")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<DifferenceView> unaccept(
            @BeanParam KeyedOne keyed, @NotNull(message = REQUIRED) @Valid Revocation body) {
        String reason = Parameters.reason(body.reason);
        Optional<String> proposedBy = Parameters.optionalText("proposedBy", body.proposedBy, Caller.LONGEST_ACTOR);
        boolean mayConfirm = identity.hasRole(Roles.FINANCE_ADMIN);
        return one(
                keyed,
                (request, one) -> acceptances.unaccept(request, one, proposedBy, reason, mayConfirm),
                proposedBy,
                reason);
    }

    @DELETE
    @Path("/{id}/differences/{differenceId}/un-accept")
    public RestResponse<DifferenceView> decline(@BeanParam KeyedOne keyed) {
        boolean mayConfirm = identity.hasRole(Roles.FINANCE_ADMIN);
        return one(keyed, (request, one) -> acceptances.decline(request, one, mayConfirm));
    }

    @POST
    @Path("/{id}/differences/{differenceId}/match")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<DifferenceView> match(
            @BeanParam KeyedOne keyed, @NotNull(message = REQUIRED) @Valid Match body) {
        UUID session = Parameters.uuid("sessionId", body.sessionId);
        String reason = Parameters.reason(body.reason);
        return one(keyed, (request, one) -> matches.match(request, one, session, reason), session, reason);
    }

    @POST
    @Path("/{id}/differences/{differenceId}/un-match")
    @Consumes(MediaType.APPLICATION_JSON)
    public RestResponse<DifferenceView> unmatch(
            @BeanParam KeyedOne keyed, @NotNull(message = REQUIRED) @Valid Unmatch body) {
        String reason = Parameters.reason(body.reason);
        Optional<Instant> matchedAt = Parameters.optional("matchedAt", body.matchedAt, Parameters::time);
        return one(keyed, (request, one) -> matches.unmatch(request, one, matchedAt, reason), matchedAt, reason);
    }

    private static DifferenceFilter fitting(MatchKind kind, String assignee, WorkState state) {
        return new DifferenceFilter(
                Optional.ofNullable(kind), Optional.of(state), DifferenceFilter.checkedAssignee(assignee));
    }

    private Request request(Keyed keyed, Object... content) {
        return Request.of(
                identity, Parameters.uuid("id", keyed.id), IdempotencyKey.required(keyed.key, "change"), content);
    }

    /** @param content what the key is for, beside the difference */
    private RestResponse<DifferenceView> one(KeyedOne keyed, BiPredicate<Request, UUID> work, Object... content) {
        UUID difference = Parameters.uuid("differenceId", keyed.differenceId);
        Request request = request(
                keyed,
                Stream.concat(Stream.of(difference), Arrays.stream(content)).toArray());
        boolean replayed = work.test(request, difference);
        return IdempotencyKey.answer(
                differences.of(request.statement(), List.of(difference)).get(0), replayed);
    }

    /** Why a difference is accepted, and what an unreadable line charges. */
    record AcceptOne(
            @NotNull(message = REQUIRED) String reason,

            @Pattern(regexp = Invoice.AMOUNT, message = Invoice.NO_AMOUNT)
            String waived) {}

    /** Why an acceptance is taken back, and whose proposal that carries out. */
    record Revocation(@NotNull(message = REQUIRED) String reason, String proposedBy) {}

    /** Why a match by hand is taken back, and of which time it is. */
    record Unmatch(@NotNull(message = REQUIRED) String reason, String matchedAt) {}

    /** The differences that are accepted together, and why. */
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

package io.liveness.gateway.retention.erasure;

import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Records of erasures over HTTP, for operations: they are stored with the backups, and repeated after a restore. */
@Path("/v1/erasures/records")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.OPERATOR)
@Tag(ref = "Erasures")
class RecordResource {

    private static final Logger LOG = Logger.getLogger(RecordResource.class);
    private static final int ACCEPTED = 202;

    private final Records records;
    private final SecurityIdentity identity;

    RecordResource(Records records, SecurityIdentity identity) {
        this.records = records;
        this.identity = identity;
    }

    @GET
    @Operation(
            operationId = "listErasureRecords",
            summary = "Lists the records of all erasures, oldest first, to be stored with the backups",
            description = "A record has ids and no reference.")
    @APIResponse(responseCode = "200", ref = "ErasureRecordPage")
    public Uni<RecordPage> list(
            @QueryParam("since") @Parameter(ref = "ErasureRecordsSince") String since, @BeanParam PageQuery page) {
        Instant from = Optional.ofNullable(since)
                .map(given -> Parameters.time("since", given))
                .orElse(Instant.EPOCH);
        List<?> filters = List.of("erasure-records", from);
        int size = page.size();
        return records.list(from, page.after(filters), size)
                .map(rows -> Page.of(
                        rows, size, row -> row, last -> new PageToken(last.id()).encode(filters), RecordPage::new));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(ACCEPTED)
    @Operation(
            operationId = "repeatErasureRecord",
            summary = "Repeats an erasure on a database that was restored from a backup",
            description =
                    "Its sessions that are there are erased, at once or when they have ended. The same record may be sent again.")
    @RequestBody(ref = "RepeatedErasureRecord")
    @APIResponse(responseCode = "202", ref = "ErasureRepeated")
    public Uni<RepeatedView> repeat(@NotNull(message = "is required") @Valid RepeatRequest request) {
        return records.repeat(request, Caller.actor(identity))
                .invoke(found -> LOG.infof(
                        "erasure.repeated erasureId=%s by=%s found=%d missing=%d",
                        found.id(), Caller.actor(identity), found.sessionsFound(), found.sessionsMissing()));
    }
}

package io.liveness.gateway.finance;

import io.liveness.gateway.books.audit.ChargeViewer;
import io.liveness.gateway.books.audit.PageOrFile;
import io.liveness.gateway.finance.SumSessions.Grouping;
import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.query.Span;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;

/** What became of sessions, over HTTP: a caller sees its own, finance and operators see all. */
@Path("/v1/insights")
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS, Roles.OPERATOR})
class InsightResource {

    private final SumSessions sessions;
    private final SummaryPlaces places;
    private final PageOrFile answers;
    private final Clock clock;
    private final SecurityIdentity identity;

    InsightResource(
            SumSessions sessions, SummaryPlaces places, PageOrFile answers, Clock clock, SecurityIdentity identity) {
        this.sessions = sessions;
        this.places = places;
        this.answers = answers;
        this.clock = clock;
        this.identity = identity;
    }

    /** The query, as it was written. */
    static class InsightQuery extends Span.SpanQuery {

        private static final int MAX_COST_CENTRE = 32;

        @QueryParam("groupBy")
        String groupBy;

        @QueryParam("caller")
        String caller;

        @QueryParam("costCentre")
        String costCentre;

        SumSessions.SessionFilter filter(ChargeViewer viewer, Instant now) {
            Grouping grouping = groupBy == null
                    ? Grouping.DAY
                    : Parameters.choice("groupBy", Grouping.values(), each -> each.label, groupBy);
            return new SumSessions.SessionFilter(
                    grouping,
                    viewer.whose(caller),
                    Parameters.optionalText("costCentre", costCentre, MAX_COST_CENTRE),
                    span(now));
        }
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, FileType.TEXT_CSV, FileType.SPREADSHEET})
    public Response insights(
            @BeanParam InsightQuery query, @Context Request accepted, @Context RoutingContext request) {
        ChargeViewer viewer = ChargeViewer.of(identity, Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.OPERATOR);
        SumSessions.SessionFilter filter = query.filter(viewer, clock.instant());
        return answers.answer(
                viewer,
                filter.span().zone(),
                filter.text(),
                () -> places.run(viewer, () -> sessions.sum(filter, Batch.OF_A_REQUEST)),
                order -> new SumSessions.AsFile(filter, order),
                accepted,
                request);
    }
}

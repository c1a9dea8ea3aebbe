package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.books.audit.ChargeViewer;
import io.liveness.gateway.finance.SumCharges.Grouping;
import io.liveness.gateway.finance.Sums.Standing;
import io.liveness.gateway.finance.Sums.View.FigureView;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.query.Span;
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
import java.time.Instant;
import java.util.List;

/** Sums of charges over HTTP. */
@Path("/v1/charges")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
class SummaryResource {

    private final SumCharges charges;
    private final SummaryPlaces places;
    private final Clock clock;
    private final SecurityIdentity identity;

    SummaryResource(SumCharges charges, SummaryPlaces places, Clock clock, SecurityIdentity identity) {
        this.charges = charges;
        this.places = places;
        this.clock = clock;
        this.identity = identity;
    }

    /** The query of a summary, as it was written. */
    static class SummaryQuery extends Span.SpanQuery {

        @QueryParam("groupBy")
        String groupBy;

        @QueryParam("caller")
        String caller;

        SumCharges.ChargeFilter filter(ChargeViewer viewer, Instant now) {
            Grouping grouping = groupBy == null
                    ? Grouping.DAY
                    : Parameters.choice("groupBy", Grouping.values(), each -> each.label, groupBy);
            return new SumCharges.ChargeFilter(grouping, viewer.whose(caller), span(now));
        }
    }

    @GET
    @Path("/summary")
    public SummaryView summary(@BeanParam SummaryQuery query) {
        ChargeViewer viewer = ChargeViewer.of(identity);
        SumCharges.ChargeFilter filter = query.filter(viewer, clock.instant());
        return places.run(viewer, () -> SummaryView.of(charges.sum(filter), filter.span()));
    }

    @GET
    @Path("/open-by-age")
    public OpenFeesView openByAge(@QueryParam("caller") String caller) {
        return OpenFeesView.of(charges.openByAge(ChargeViewer.of(identity).whose(caller)));
    }

    /** A summary as the API tells it. */
    record SummaryView(String timeZone, Instant from, Instant to, List<Sums.View> items, List<Sums.View> totals) {

        static SummaryView of(SumCharges.Summary summary, Span span) {
            return new SummaryView(
                    span.zone().getId(),
                    span.from(),
                    span.to(),
                    summary.groups().entrySet().stream()
                            .map(group -> Sums.View.ofGroup(
                                    group.getKey().key(), group.getKey().currency(), group.getValue()))
                            .toList(),
                    Sums.View.totals(summary.totals()));
        }
    }

    /** The fees that are open, as the API tells them. */
    record OpenFeesView(List<OpenFeesOfAgeView> items, List<OpenFeesOfAgeView> totals) {

        static OpenFeesView of(SumCharges.Summary summary) {
            return new OpenFeesView(
                    summary.groups().entrySet().stream()
                            .map(group -> OpenFeesOfAgeView.of(
                                    SumCharges.AGES.get(
                                            Integer.parseInt(group.getKey().key())),
                                    group.getKey().currency(),
                                    group.getValue()))
                            .toList(),
                    summary.totals().entrySet().stream()
                            .map(total -> OpenFeesOfAgeView.of(null, total.getKey(), total.getValue()))
                            .toList());
        }

        /** The open fees of one age. */
        @JsonInclude(JsonInclude.Include.NON_NULL)
        record OpenFeesOfAgeView(String age, String currency, FigureView open, FigureView unconfirmed) {

            private static OpenFeesOfAgeView of(String age, String currency, Sums sums) {
                return new OpenFeesOfAgeView(
                        age,
                        currency,
                        FigureView.of(sums.of(Standing.PRE_DEDUCTED), currency),
                        FigureView.of(sums.of(Standing.UNCONFIRMED), currency));
            }
        }
    }
}

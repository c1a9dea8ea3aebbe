package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.finance.SumCharges.Grouping;
import io.liveness.gateway.finance.Sums.Standing;
import io.liveness.gateway.finance.Sums.View.FigureView;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
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
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;

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
    private final Clock clock;
    private final Refusals refusals;
    private final SecurityIdentity identity;
    private final Bulkhead places = new Bulkhead(MAX_AT_ONCE, MAX_OF_A_CALLER);

    SummaryResource(SumCharges charges, Clock clock, Refusals refusals, SecurityIdentity identity) {
        this.charges = charges;
        this.clock = clock;
        this.refusals = refusals;
        this.identity = identity;
    }

    /** The query of a summary, as it was written. */
    static class Query {

        /** A leap year. */
        private static final Duration LONGEST = Duration.ofDays(366);

        @QueryParam("groupBy")
        String groupBy;

        @QueryParam("from")
        String from;

        @QueryParam("to")
        String to;

        @QueryParam("timeZone")
        String timeZone;

        @QueryParam("caller")
        String caller;

        SumCharges.Filter filter(ChargeViewer viewer, Instant now) {
            Grouping grouping = groupBy == null ? Grouping.DAY : grouping();
            ZoneId zone = Parameters.timeZone(timeZone);
            Instant end = Parameters.optional("to", to, Parameters::time).orElse(now);
            Instant begin = Parameters.optional("from", from, Parameters::time).orElseGet(() -> monthOf(end, zone));
            if (!begin.isBefore(end)) {
                throw ProblemException.invalid("from", "must be before " + (to == null ? "now" : "to"));
            }
            if (Duration.between(begin, end).compareTo(LONGEST) > 0) {
                throw ProblemException.invalid(
                        "from", "must be at most 366 days before " + (to == null ? "now" : "to"));
            }
            return new SumCharges.Filter(grouping, viewer.whose(caller), zone, begin, end);
        }

        private Grouping grouping() {
            return Arrays.stream(Grouping.values())
                    .filter(grouping -> grouping.label.equals(groupBy))
                    .findFirst()
                    .orElseThrow(() -> ProblemException.invalid(
                            "groupBy", "must be one of day, month, caller, costCentre and status"));
        }

        /** When the month began that the moment before the given one is of. */
        private static Instant monthOf(Instant end, ZoneId zone) {
            LocalDate last = LocalDate.ofInstant(end.minusNanos(1), zone);
            return last.withDayOfMonth(1).atStartOfDay(zone).toInstant();
        }
    }

    @GET
    @Path("/summary")
    public SummaryView summary(@BeanParam Query query) {
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
        return OpenFeesView.of(charges.openByAge(ChargeViewer.of(identity).whose(caller)));
    }

    private ProblemException refusal(Caller caller, Bulkhead.Full full) {
        refusals.count(caller, RefusedBy.SUMMARIES);
        return full == Bulkhead.Full.CALLER
                ? new ProblemException(
                                ProblemCode.RATE_LIMITED,
                                "At most " + MAX_OF_A_CALLER
                                        + " of your summaries run at a time; send the request again after Retry-After seconds.")
                        .retryAfter(SOON)
                : new ProblemException(
                                ProblemCode.BUSY,
                                "Too many summaries are running; send the request again after Retry-After seconds.")
                        .retryAfter(SOON);
    }

    /** A summary as the API tells it. */
    record SummaryView(String timeZone, Instant from, Instant to, List<Sums.View> items, List<Sums.View> totals) {

        static SummaryView of(SumCharges.Summary summary, SumCharges.Filter filter) {
            return new SummaryView(
                    filter.zone().getId(),
                    filter.from(),
                    filter.to(),
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

        /** Those of one age. */
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

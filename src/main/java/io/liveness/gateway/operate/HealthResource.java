package io.liveness.gateway.operate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.operate.Figures.Growth;
import io.liveness.gateway.operate.Figures.Series;
import io.liveness.gateway.operate.Rule.AlertState;
import io.liveness.gateway.operate.Rule.Unit;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.vendor.jumdata.JumdataConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** How the service is, over HTTP: by what all replicas have reported, and by the database. */
@Path("/v1/health")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Roles.OPERATOR)
class HealthResource {

    /** $1 the time of the schedule. One row without a replica where none has reported. */
    private static final String READ = """
            select name, version, started_at, seen_at, figures, has_stopped, liveness_now() as now,
                   (select greatest(coalesce(extract(epoch from $1::timestamptz - min(next_poll_at)), 0), 0)::float8
                    from unsettled where status = 'PENDING') as poll_due,
                   (select case when count(*) > 1 then extract(epoch from liveness_now() - min(last_written_at)) else 0 end::float8
                    from (select last_written_at, unused_since from known_key order by id limit 1000) known
                    where unused_since is null) as old_key
            from (select) at_least_one left join (select * from replica order by name, started_at limit 1000) reported on true
            order by name, started_at desc
            """;

    /** A replica reports every 15 seconds. */
    private static final Duration SILENT = Duration.ofMinutes(1);

    private static final Duration MISSED = Duration.ofMinutes(10);

    private static final int RECENT_MINUTES = 5;

    private final Database database;
    private final Clock clock;
    private final int callsPerSecond;

    HealthResource(Database database, Clock clock, JumdataConfig vendor) {
        this.database = database;
        this.clock = clock;
        this.callsPerSecond = vendor.callsPerSecond();
    }

    /**
     * How the service is.
     *
     * @param state the worst of all
     * @param oldestPollDueSeconds for how long the oldest poll has been due; 0 when none is
     */
    record Health(
            Instant at,
            AlertState state,
            List<Check> checks,
            List<VendorCalls> vendorCalls,
            Budget budget,
            List<Unsettled> unsettled,
            double oldestPollDueSeconds,
            List<Replica> replicas) {}

    /**
     * A figure beside its threshold.
     *
     * @param value null when no replica knows it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Check(Rule name, String alert, AlertState state, Unit unit, Double value, double threshold) {}

    /** Calls of the vendor with one answer, of all replicas. */
    record VendorCalls(
            String call, String outcome, String code, long lastMinute, long lastFiveMinutes, double averageSeconds) {}

    /** Calls of the vendor that were asked for in the last minute, beside what is granted at most. */
    record Budget(int callsPerSecond, long granted, long refused) {}

    /** Unsettled sessions of a time since init. */
    record Unsettled(String status, String age, long count) {}

    /** A replica, by its last report. What it does not know is null. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Replica(
            String name,
            String version,
            Instant startedAt,
            Instant seenAt,
            AlertState state,
            Double clockSkewSeconds,
            Boolean listening) {}

    @GET
    public Uni<Health> get() {
        return database.read(READ, Tuple.of(clock.instant().atOffset(ZoneOffset.UTC)))
                .map(this::health);
    }

    private Health health(RowSet<Row> rows) {
        Row stored = rows.iterator().next();
        Instant now = Database.time(stored, "now");
        Figures all = Figures.none();
        all.gauges().put(new Series(Rule.OLD_KEY, Map.of()), List.of(stored.getDouble("old_key")));
        List<Reported> reported = StreamSupport.stream(rows.spliterator(), false)
                .filter(row -> row.getString("name") != null)
                .map(row -> Reported.of(row, now))
                .toList();
        reported.stream().filter(Reported::runs).forEach(one -> all.add(one.figures));
        // Where none runs, what others have counted does not tell how it is.
        if (reported.stream().anyMatch(Reported::runs)) {
            reported.stream().filter(one -> !one.runs()).forEach(one -> all.addEnded(one.figures, one.ago));
        }
        List<Replica> replicas = replicas(reported);
        List<Check> checks =
                Arrays.stream(Rule.values()).map(rule -> check(rule, all)).toList();
        AlertState worst = Stream.concat(
                        checks.stream().map(Check::state), replicas.stream().map(Replica::state))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return new Health(
                clock.instant(),
                worst,
                checks,
                vendorCalls(all),
                budget(all),
                unsettled(all),
                stored.getDouble("poll_due"),
                replicas);
    }

    private static Check check(Rule rule, Figures all) {
        double value = rule.figure.of(all);
        return new Check(
                rule, rule.alert, rule.of(value), rule.unit, Double.isNaN(value) ? null : value, rule.threshold);
    }

    /**
     * The replicas that were heard in the last ten minutes and have not stopped. Of those with one name the last that started counts: a
     * container has its name again after a restart.
     */
    private static List<Replica> replicas(List<Reported> reported) {
        Map<String, Reported> newest = new LinkedHashMap<>();
        reported.forEach(one -> newest.putIfAbsent(one.name, one));
        return newest.values().stream()
                .filter(one -> !one.hasStopped && one.ago.compareTo(MISSED) < 0)
                .map(Reported::replica)
                .toList();
    }

    private static List<VendorCalls> vendorCalls(Figures all) {
        return all.grown().entrySet().stream()
                .filter(series -> series.getKey().meter().equals("liveness.vendor.calls")
                        && series.getValue().count(RECENT_MINUTES) > 0)
                .map(series -> vendorCalls(series.getKey().tags(), series.getValue()))
                .sorted(Comparator.comparing(VendorCalls::call)
                        .thenComparing(VendorCalls::outcome)
                        .thenComparing(VendorCalls::code))
                .toList();
    }

    private static VendorCalls vendorCalls(Map<String, String> tags, Growth growth) {
        return new VendorCalls(
                tags.get("call"),
                tags.get("outcome"),
                tags.get("code"),
                (long) growth.count(1),
                (long) growth.count(RECENT_MINUTES),
                growth.seconds(RECENT_MINUTES) / growth.count(RECENT_MINUTES));
    }

    private Budget budget(Figures all) {
        return new Budget(callsPerSecond, budget(all, "granted"), budget(all, "refused"));
    }

    private static long budget(Figures all, String outcome) {
        return (long) all.count("liveness.budget.calls", 1, tags -> outcome.equals(tags.get("outcome")));
    }

    private static List<Unsettled> unsettled(Figures all) {
        return all.gauges().entrySet().stream()
                .filter(gauge -> gauge.getKey().meter().equals(ReportReplica.UNSETTLED))
                .map(gauge -> new Unsettled(
                        gauge.getKey().tags().get("status"),
                        gauge.getKey().tags().get("age"),
                        gauge.getValue().stream()
                                .mapToLong(Double::longValue)
                                .max()
                                .orElse(0)))
                .filter(group -> group.count() > 0)
                .sorted(Comparator.comparing(Unsettled::status).thenComparing(Unsettled::age))
                .toList();
    }

    /**
     * What a replica last told.
     *
     * @param ago when that was
     */
    private record Reported(
            String name,
            String version,
            Instant startedAt,
            Instant seenAt,
            boolean hasStopped,
            Duration ago,
            JsonObject figures) {

        private static Reported of(Row row, Instant now) {
            Instant seenAt = Database.time(row, "seen_at");
            return new Reported(
                    row.getString("name"),
                    row.getString("version"),
                    Database.time(row, "started_at"),
                    seenAt,
                    row.getBoolean("has_stopped"),
                    Duration.between(seenAt, now),
                    row.getJsonObject("figures"));
        }

        private boolean runs() {
            return !hasStopped && ago.compareTo(SILENT) <= 0;
        }

        /** One that ended without a word is amber, whatever it knew; of the others the clock and the listener tell. */
        private Replica replica() {
            Figures own = Figures.none();
            own.add(figures);
            double skew = own.values(Rule.SKEW).findFirst().orElse(Double.NaN);
            double listening = own.values(Rule.LISTENING).findFirst().orElse(Double.NaN);
            AlertState known = Stream.of(Rule.CLOCK_SKEW, Rule.LISTENER_AWAY)
                    .map(rule -> rule.of(rule.figure.of(own)))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            return new Replica(
                    name,
                    version,
                    startedAt,
                    seenAt,
                    runs() ? known : AlertState.AMBER,
                    Double.isNaN(skew) ? null : skew,
                    Double.isNaN(listening) ? null : listening == 1);
        }
    }
}

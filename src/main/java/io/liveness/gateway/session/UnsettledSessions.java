package io.liveness.gateway.session;

import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Shows what is unsettled: {@code liveness.sessions.unsettled} by status and age, {@code liveness.sessions.ending.soon} and
 * {@code liveness.lease.overdue}. None has a value while the database cannot be read.
 */
@Startup // its metrics are there from the start
@Singleton
class UnsettledSessions {

    /** Of the schedule alone, and so much of it: the cost has a bound, however many sessions are open. */
    static final int COUNTED = 100_000;

    private static final List<String> STATUSES = List.of("OPENING", "PENDING", "UNKNOWN");

    private static final String COUNT = """
            select status,
                   width_bucket(extract(epoch from liveness_now() - init_at)::float8, $1::float8[]) as age,
                   count(*)::int as sessions,
                   (count(*) filter (where token_expires_at > liveness_now()
                       and token_expires_at <= liveness_now() + interval '5 minutes'))::int as ending_soon,
                   coalesce(max(extract(epoch from liveness_now() - leased_until)), 0)::float8 as lease_overdue
            from (select status, init_at, token_expires_at, leased_until
                  from session_schedule order by session_id limit %d) unsettled
            group by 1, 2
            """.formatted(COUNTED);

    private final Database database;
    private volatile Optional<Unsettled> last = Optional.empty();

    UnsettledSessions(Database database, MeterRegistry registry) {
        this.database = database;
        for (String status : STATUSES) {
            for (Age age : Age.values()) {
                Unsettled.Group group = new Unsettled.Group(status, age);
                Gauge.builder("liveness.sessions.unsettled", () -> figure(now -> now.count(group)))
                        .description("Unsettled sessions, by status and time since init")
                        .tag("status", status)
                        .tag("age", age.label())
                        .register(registry);
            }
        }
        Gauge.builder("liveness.sessions.ending.soon", () -> figure(Unsettled::endingSoon))
                .description("Unsettled sessions whose token expires within five minutes")
                .register(registry);
        Gauge.builder("liveness.lease.overdue", () -> figure(Unsettled::leaseOverdue))
                .description("Seconds since the earliest expired lease ended")
                .baseUnit("seconds")
                .register(registry);
    }

    @NonBlocking
    @Scheduled(identity = "unsettled", every = "15s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> count() {
        return database.execute(Connections.RESERVED, COUNT, Tuple.of((Object) Age.thresholds()))
                .map(rows -> Optional.of(Unsettled.of(rows)))
                .onFailure()
                .recoverWithItem(Optional.empty())
                .invoke(read -> last = read)
                .replaceWithVoid();
    }

    private double figure(ToDoubleFunction<Unsettled> figure) {
        return last.map(figure::applyAsDouble).orElse(Double.NaN);
    }

    /**
     * The sessions that have no end yet.
     *
     * @param counts how many there are; a group without any is absent
     * @param endingSoon how many have a token that ends within five minutes
     * @param leaseOverdue seconds since the end of the lease that ran out first; 0 when none has
     */
    private record Unsettled(Map<Group, Integer> counts, int endingSoon, double leaseOverdue) {

        record Group(String status, Age age) {}

        static Unsettled of(Iterable<Row> rows) {
            Map<Group, Integer> counts = new HashMap<>();
            int endingSoon = 0;
            double leaseOverdue = 0;
            for (Row row : rows) {
                counts.put(
                        new Group(row.getString("status"), Age.values()[row.getInteger("age")]),
                        row.getInteger("sessions"));
                endingSoon += row.getInteger("ending_soon");
                leaseOverdue = Math.max(leaseOverdue, row.getDouble("lease_overdue"));
            }
            return new Unsettled(counts, endingSoon, leaseOverdue);
        }

        int count(Group group) {
            return counts.getOrDefault(group, 0);
        }
    }

    /** How long ago init was sent. */
    private enum Age {
        UNDER_A_MINUTE("0-1m", Duration.ZERO),
        UNDER_TEN_MINUTES("1-10m", Duration.ofMinutes(1)),
        UNDER_AN_HOUR("10-60m", Duration.ofMinutes(10)),
        UNDER_TWO_HOURS("1-2h", Duration.ofHours(1)),
        LONGER("2h-", Duration.ofHours(2));

        private final String label;
        private final Duration from;

        Age(String label, Duration from) {
            this.label = label;
            this.from = from;
        }

        /** As metrics have it. */
        String label() {
            return label;
        }

        /** Where all but the first begin, in seconds: with these thresholds, {@code width_bucket} answers an age's ordinal. */
        static Double[] thresholds() {
            return Arrays.stream(values())
                    .skip(1)
                    .map(age -> (double) age.from.toSeconds())
                    .toArray(Double[]::new);
        }
    }
}

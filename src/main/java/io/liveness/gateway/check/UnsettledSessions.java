package io.liveness.gateway.check;

import io.liveness.gateway.platform.postgres.DatabaseFigures;
import io.liveness.gateway.platform.postgres.DatabaseFigures.Figure;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Shows what is unsettled: {@code liveness.sessions.unsettled} by status and age, {@code liveness.sessions.ending.soon} and
 * {@code liveness.lease.overdue}.
 */
@Startup // its metrics are there from the start
@Singleton
class UnsettledSessions {

    /** Times since init, by their numbers in the statement. */
    private static final List<String> AGES = List.of("0-1m", "1-10m", "10-60m", "1-2h", "2h-");

    private record Group(String status, int age) {

        static Stream<Group> all() {
            return Stream.of("OPENING", "PENDING", "UNKNOWN")
                    .flatMap(status -> IntStream.range(0, AGES.size()).mapToObj(age -> new Group(status, age)));
        }

        String column() {
            return status + " " + AGES.get(age);
        }

        String count() {
            return "count(*) filter (where status = '" + status + "' and age = " + age + ") as \"" + column() + "\",\n";
        }

        Figure figure() {
            return new Figure(
                    column(),
                    "liveness.sessions.unsettled",
                    "Unsettled sessions, by status and time since init",
                    Tags.of("status", status, "age", AGES.get(age)));
        }
    }

    /** $1 now. Of the schedule alone, and so much of it: the cost has a bound, however many sessions are open. */
    private static final String COUNT =
            "select " + Group.all().map(Group::count).collect(Collectors.joining()) + """
                count(*) filter (where token_expires_at > $1::timestamptz
                    and token_expires_at <= $1::timestamptz + interval '5 minutes') as ending_soon,
                greatest(coalesce(max(extract(epoch from $1::timestamptz - leased_until)), 0), 0) as seconds
            from (select status, token_expires_at, leased_until,
                         width_bucket(extract(epoch from $1::timestamptz - init_at)::float8, array[60, 600, 3600, 7200]::float8[]) as age
                  from session_schedule order by session_id limit 100000) unsettled
            """;

    UnsettledSessions(DatabaseFigures figures, Clock clock) {
        List<Figure> shown = new ArrayList<>(Group.all().map(Group::figure).toList());
        shown.add(new Figure(
                "ending_soon",
                "liveness.sessions.ending.soon",
                "Unsettled sessions whose token expires within five minutes"));
        shown.add(new Figure("seconds", "liveness.lease.overdue", "Seconds since the earliest expired lease ended"));
        figures.showInAnyCase(COUNT, () -> List.of(SqlValues.time(clock.instant())), shown.toArray(Figure[]::new));
    }
}

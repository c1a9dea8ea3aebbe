package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.load.VendorLoad;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Overload: every accepted session is polled before its end; the other opens are refused. */
@Tag("alone")
class SaturationIT {

    private static final int BUDGET = 20;
    private static final Duration TO_FINISH = Duration.ofMinutes(2);

    // What an ordinary look that came late has settled before needs no last look.
    private static final String NOT_ASKED_IN_TIME = """
            select count(*) from liveness_session s
            where coalesce(charge_settled_at, 'infinity') >= token_expires_at - interval '%1$d seconds' and not exists (
                select from session_event e
                where e.session_id = s.id and e.type = 'CHECKED' and e.at < s.token_expires_at
                  and e.at >= s.token_expires_at - interval '%1$d seconds')
            """;

    private static final Duration LIFE = Duration.ofSeconds(16);
    private static final Duration FINAL_POLLS = Duration.ofSeconds(9);
    private static final int SECONDS = 12;

    private Surroundings around;

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void opens_at_three_times_the_budget_cost_no_verdict() {
        // Every verdict comes late: it is there for the final polls alone.
        around = new Surroundings(SandboxSettings.defaults()
                .withTokenLifetime(LIFE)
                .withLateVerdictAfter(LIFE.minus(FINAL_POLLS).minusSeconds(2)));
        List<GatewayProcess> gateways = List.of(around.launch(environment()), around.launch(environment()));
        gateways.forEach(GatewayProcess::awaitReady);
        GrantLog.start(around.database());

        List<Answer> answers = open(gateways, 3 * BUDGET, SECONDS, "late");
        awaitTheEnd();

        long accepted = count(answers, 201);
        List<Double> places = GrantLog.places(around.database(), BUDGET);
        VendorLoad granted = VendorLoad.ofSeconds(places);
        VendorLoad arrived = new VendorLoad(around.books().callTimes());
        System.out.printf(
                "Opens at %d a second for %d s with a budget of %d: %d accepted, %d refused; ends: %s; granted: %s; arrived: %s%n",
                3 * BUDGET,
                SECONDS,
                BUDGET,
                accepted,
                count(answers, 503),
                ends(),
                granted.describe(BUDGET),
                arrived.describe(BUDGET));
        assertThat(accepted + count(answers, 503)).isEqualTo(answers.size());
        assertThat(accepted).as("opens are not starved either").isGreaterThan(BUDGET * SECONDS / 5);
        assertThat(ended("PASSED", "CHARGED")).as("no verdict is lost").isEqualTo(accepted);
        assertThat(around.database().count(NOT_ASKED_IN_TIME.formatted(FINAL_POLLS.toSeconds())))
                .isZero();
        assertThat(granted.burst(BUDGET)).as("calls granted beyond the rate").isLessThanOrEqualTo(BUDGET + 1);
        BothBooks.assertAgree(
                StoredSession.all(around.database()), around.books().rows());
    }

    private GatewayEnvironment environment() {
        return around.environment()
                .with("jumdata.calls-per-second", Integer.toString(BUDGET))
                .with("jumdata.timeout", "4s")
                .with("jumdata.connect-timeout", "400ms")
                .with("jumdata.token-lifetime", LIFE.toString())
                .with("liveness.opening-timeout", "6s")
                .with("liveness.expiry-grace", "10s")
                .with("liveness.poll.timetable", "5s,10s,20s")
                .with("liveness.poll.final-polls", FINAL_POLLS + ",5s");
    }

    private List<Answer> open(List<GatewayProcess> gateways, int perSecond, int seconds, String scenario) {
        List<CompletableFuture<Answer>> opening = IntStream.range(0, perSecond * seconds)
                .mapToObj(n -> {
                    Executor inItsTurn = CompletableFuture.delayedExecutor(
                            TimeUnit.SECONDS.toNanos(n) / perSecond, TimeUnit.NANOSECONDS, Runnable::run);
                    String gateway = gateways.get(n % gateways.size()).url();
                    return CompletableFuture.supplyAsync(
                                    () -> around.callers().openLater(gateway, "order-" + n, scenario), inItsTurn)
                            .thenCompose(answer -> answer);
                })
                .toList();
        List<Answer> answers = new ArrayList<>();
        opening.forEach(answer -> answers.add(answer.join()));
        return answers;
    }

    private static long count(List<Answer> answers, int status) {
        return answers.stream().filter(answer -> answer.status() == status).count();
    }

    private void awaitTheEnd() {
        Patience.await("every session to be over", TO_FINISH)
                .until(() -> StoredSession.unfinished(around.database()) == 0);
    }

    private Map<String, Long> ends() {
        return StoredSession.all(around.database()).stream()
                .collect(Collectors.groupingBy(StoredSession::end, Collectors.counting()));
    }

    private long ended(String status, String charge) {
        return around.database()
                .count("select count(*) from liveness_session where status = '%s' and charge_status = '%s'"
                        .formatted(status, charge));
    }

    /** Records each call when the function of the vendor's budget grants it, by the database's clock. */
    private static final class GrantLog {

        private static final String COPY =
                "select replace(pg_get_functiondef('vendor_budget_take'::regproc), 'vendor_budget_take', 'vendor_budget_unlogged')";

        private static final String START = """
                create table grant_log (
                    id bigint generated always as identity, at timestamptz not null, first_in float8 not null, granted integer not null);
                create or replace function vendor_budget_take(purpose text, rate float8, ahead float8, wanted integer,
                    out granted integer, out first_in float8, out open_in float8) language plpgsql as $$
                begin
                    select taken.* into granted, first_in, open_in from vendor_budget_unlogged(purpose, rate, ahead, wanted) taken;
                    if granted <> 0 then
                        insert into grant_log (at, first_in, granted) values (clock_timestamp(), first_in, granted);
                    end if;
                end $$;
                """;

        private static final String READ =
                "select extract(epoch from at)::float8 as at, first_in, granted from grant_log order by id";

        private GrantLog() {}

        static void start(TestDatabase database) {
            database.execute(database.rows(COPY).get(0).get(0));
            database.execute(START);
        }

        /** When each call could be made at the earliest, in seconds; without those that were given back. */
        static List<Double> places(TestDatabase database, int perSecond) {
            List<Double> places = new ArrayList<>();
            for (List<String> row : database.rows(READ)) {
                double at = Double.parseDouble(row.get(0));
                double firstIn = Double.parseDouble(row.get(1));
                int calls = Integer.parseInt(row.get(2));
                for (int call = 0; call < calls; call++) {
                    places.add(at + Math.max(0, firstIn + call / (double) perSecond));
                }
                for (int back = calls; back < 0 && !places.isEmpty(); back++) {
                    places.remove(places.size() - 1);
                }
            }
            Collections.sort(places);
            return places;
        }
    }
}

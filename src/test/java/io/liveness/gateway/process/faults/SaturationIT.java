package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.load.VendorLoad;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.util.ArrayList;
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

        List<Answer> answers = open(gateways, 3 * BUDGET, SECONDS, "late");
        awaitTheEnd();

        long accepted = count(answers, 201);
        VendorLoad arrived = new VendorLoad(around.books().callTimes());
        System.out.printf(
                "Opens at %d a second for %d s with a budget of %d: %d accepted, %d refused; ends: %s; calls: %s%n",
                3 * BUDGET, SECONDS, BUDGET, accepted, count(answers, 503), ends(), arrived.describe(BUDGET));
        assertThat(accepted + count(answers, 503)).isEqualTo(answers.size());
        assertThat(StoredSession.count(around.database()))
                .as("of refused opens nothing stays")
                .isEqualTo(accepted);
        assertThat(accepted).as("opens are not starved either").isGreaterThan(BUDGET * SECONDS / 5);
        assertThat(ended("PASSED", "CHARGED")).as("no verdict is lost").isEqualTo(accepted);
        assertThat(around.database().count(NOT_ASKED_IN_TIME.formatted(FINAL_POLLS.toSeconds())))
                .isZero();
        arrived.assertWithin(BUDGET);
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
}

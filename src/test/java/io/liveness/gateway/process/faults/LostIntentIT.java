package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.http.FaultProxy;
import io.liveness.gateway.testsupport.load.BothBooks;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.postgres.FailoverPostgres;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A standby that lags takes over while an init is under way: the new primary knows nothing of its intent. */
class LostIntentIT {

    private static final Duration TO_FINISH = Duration.ofMinutes(2);
    private static final String KEY = "order-4711";

    @Test
    void the_process_that_holds_the_answer_stores_the_intent_again_and_no_second_init_is_sent() {
        Optional<Path> programs = FailoverPostgres.programs();
        assumeTrue(programs.isPresent(), "no installed PostgreSQL: give its directory as -Dtest.postgres");
        try (FailoverPostgres postgres = FailoverPostgres.start(programs.get());
                Surroundings around = new Surroundings(
                        SandboxSettings.defaults(), TestDatabase.create(postgres::server, postgres.address()));
                FaultProxy inits = FaultProxy.to(around.vendorUrl())) {
            GatewayProcess gateway = around.start(around.environment()
                    .with("quarkus.rest-client.jumdata-init.url", inits.url())
                    .with("jumdata.timeout", "50s")
                    .with("liveness.opening-timeout", "60s"));
            postgres.lagBehind();
            FaultProxy.Gate answer = inits.holdAnswers();
            CompletableFuture<Answer> open = around.callers().openLater(gateway.url(), KEY, "pass");
            answer.awaitReached();
            assertThat(StoredSession.count(around.database())).isOne();

            postgres.killPrimary();
            postgres.promote();
            assertThat(StoredSession.count(around.database()))
                    .as("its intent is lost")
                    .isZero();
            Patience.await("the gateway to be ready", TO_FINISH).until(gateway::isReady);
            answer.open();

            assertThat(open.join().status()).isEqualTo(201);
            Answer again = around.callers().open(gateway.url(), KEY, "pass");
            assertThat(again.id()).isEqualTo(open.join().id());
            assertThat(again.replayed()).isTrue();
            Patience.await("the session to be over", TO_FINISH)
                    .until(() -> StoredSession.unfinished(around.database()) == 0);
            assertThat(around.books().initCalls()).isOne();
            BothBooks.assertAgree(
                    StoredSession.all(around.database()), around.books().rows());
        }
    }
}

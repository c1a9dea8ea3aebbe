package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses requests once load balancers have had their time to notice that this replica stops ({@code quarkus.shutdown.delay}). Callers that
 * go on connecting would otherwise keep it from ending, and at the end of {@code quarkus.shutdown.timeout} requests under way would be cut
 * off, opens after their init among them.
 */
@Singleton
class RefuseWhileStopping {

    private static final int BEFORE_AUTHENTICATION = -900;
    private static final Duration AT_ANOTHER_REPLICA = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Duration delay;
    private final ProblemWriter writer;
    private Router router;

    RefuseWhileStopping(
            Vertx vertx,
            @ConfigProperty(name = "quarkus.shutdown.delay", defaultValue = "0s") Duration delay,
            ProblemWriter writer) {
        this.vertx = vertx;
        this.delay = delay;
        this.writer = writer;
    }

    void register(@Observes Router router) {
        this.router = router;
    }

    void stop(@Observes ShutdownDelayInitiatedEvent told) {
        vertx.setTimer(
                Math.max(1, delay.toMillis()),
                over -> router.route().order(BEFORE_AUTHENTICATION).handler(this::refuse));
    }

    /**
     * The answer waits for the body: Quarkus closes the connection with the answer, and a close before the body has
     * come would lose the answer.
     */
    private void refuse(RoutingContext request) {
        BodyLimit.takeUp(request.request());
        request.request()
                .resume()
                .end()
                .onComplete(whole -> writer.write(
                        new ProblemException(
                                        ProblemCode.UNAVAILABLE,
                                        "This replica is stopping; send the same request, with the same key, again.")
                                .retryAfter(AT_ANOTHER_REPLICA),
                        request));
    }
}

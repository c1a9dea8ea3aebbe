package io.liveness.gateway.platform.export;

import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.postgres.Snapshots;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Sends tables as files, a limited number at a time. See {@code docs/decisions/0045-exports-read-over-separate-connections.md}. */
@Singleton
public class Exports {

    private static final Logger LOG = Logger.getLogger(Exports.class);
    private static final Duration LATER = Duration.ofSeconds(10);
    private static final DateTimeFormatter NOW = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss");

    private final Vertx vertx;
    private final Snapshots snapshots;
    private final ExportsConfig config;
    private final Clock clock;
    private final Refusals refusals;
    private final ExportMetrics metrics;
    private final Bulkhead places;

    Exports(
            Vertx vertx,
            Snapshots snapshots,
            ExportsConfig config,
            Clock clock,
            Refusals refusals,
            ExportMetrics metrics) {
        this.vertx = vertx;
        this.snapshots = snapshots;
        this.config = config;
        this.clock = clock;
        this.refusals = refusals;
        this.metrics = metrics;
        this.places = new Bulkhead(config.maxConcurrent(), config.maxConcurrentPerCaller());
    }

    /**
     * Answers a request with a file, and completes when the last byte was written. Before the first byte it fails with a problem. After
     * that an error closes the connection, so that the reader detects an incomplete file.
     */
    public Uni<Void> send(ExportOrder order, HttpServerRequest to) {
        return Uni.createFrom().emitter(waiting -> {
            Optional<Bulkhead.Full> full = places.take(order.caller());
            if (full.isPresent()) {
                waiting.fail(refusal(order, full.get()));
            } else {
                begin(order, to, waiting);
            }
        });
    }

    private void begin(ExportOrder order, HttpServerRequest to, UniEmitter<? super Void> waiting) {
        long begun = System.nanoTime();
        to.response().putHeader("Content-Disposition", "attachment; filename=\"" + fileName(order) + "\"");
        new ExportRun(vertx, snapshots, config, order, to, (outcome, rows) -> ended(order, outcome, rows, begun))
                .start(waiting);
    }

    private String fileName(ExportOrder order) {
        return order.table().name() + "-"
                + NOW.format(LocalDateTime.ofInstant(clock.instant(), order.zone())) + "."
                + order.type().label();
    }

    private void ended(ExportOrder order, ExportOutcome outcome, long rows, long begun) {
        places.leave(order.caller());
        metrics.ended(order.type(), outcome, System.nanoTime() - begun, rows);
        LOG.infof(
                "export.ended what=%s caller=%s type=%s rows=%d outcome=%s filter=%s",
                order.table().name(),
                order.caller().name(),
                order.type().label(),
                rows,
                outcome.label(),
                order.table().description());
    }

    private ProblemException refusal(ExportOrder order, Bulkhead.Full full) {
        refusals.count(order.caller(), RefusedBy.EXPORTS);
        return full == Bulkhead.Full.CALLER
                ? new ProblemException(
                                CommonProblem.RATE_LIMITED,
                                "At most " + config.maxConcurrentPerCaller()
                                        + " of your files are sent at a time; send the request again after Retry-After seconds.")
                        .retryAfter(LATER)
                : new ProblemException(
                                CommonProblem.BUSY,
                                "Too many files are being sent; send the request again after Retry-After seconds.")
                        .retryAfter(LATER);
    }
}

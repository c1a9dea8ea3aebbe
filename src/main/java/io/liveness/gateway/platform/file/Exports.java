package io.liveness.gateway.platform.file;

import io.liveness.gateway.platform.TimeBuckets;
import io.liveness.gateway.platform.file.ExportRun.Outcome;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.security.Caller;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jboss.logging.Logger;

/**
 * Sends tables as files, a limited number at a time, and counts them: {@code liveness.exports} and {@code liveness.exports.rows}. See
 * {@code docs/decisions/0060-finance-and-jobs-have-a-lane-of-their-own.md}.
 */
@Startup // its metrics are there from the start
@Singleton
public class Exports {

    private static final Logger LOG = Logger.getLogger(Exports.class);
    private static final Duration LATER = Duration.ofSeconds(10);
    private static final DateTimeFormatter NOW = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss");

    /** Files sent at once by a replica; more are answered 503. Each takes a connection of the batch lane. */
    private static final int MOST = 2;
    /** Files sent at once to one caller by a replica; more are answered 429. */
    private static final int MOST_OF_A_CALLER = 1;

    /** Limits for files. */
    @ConfigMapping(prefix = "liveness.exports")
    interface ExportLimits {

        /** Limit of a whole file, and of its snapshot of the database. */
        @WithDefault("10m")
        @DurationMin(seconds = 1, message = "liveness.exports.max-duration must be at least 1s")
        @DurationMax(hours = 2, message = "liveness.exports.max-duration must be at most 2h")
        Duration maxDuration();
    }

    private final Batch batch;
    private final ExportLimits config;
    private final ScheduledExecutorService threads;
    private final Clock clock;
    private final Refusals refusals;
    private final MeterRegistry registry;
    private final Bulkhead places;

    Exports(
            Batch batch,
            ExportLimits config,
            ScheduledExecutorService threads,
            Clock clock,
            Refusals refusals,
            MeterRegistry registry) {
        this.batch = batch;
        this.config = config;
        this.threads = threads;
        this.clock = clock;
        this.refusals = refusals;
        this.registry = registry;
        this.places = new Bulkhead(MOST, MOST_OF_A_CALLER);
        for (FileType type : FileType.values()) {
            rows(type).increment(0);
            for (Outcome outcome : Outcome.values()) {
                timer(type, outcome);
            }
        }
    }

    private Timer timer(FileType type, Outcome outcome) {
        return TimeBuckets.timer("liveness.exports", "Exports, from the start to the end")
                .tag("type", type.label())
                .tag("outcome", outcome.label())
                .register(registry);
    }

    private Counter rows(FileType type) {
        return Counter.builder("liveness.exports.rows")
                .description("Rows of exports")
                .tag("type", type.label())
                .register(registry);
    }

    /**
     * An order for a file.
     *
     * @param caller that requests the file, or the person of the console, and has places of its own
     * @param zone of the times in it
     * @param recorded run once, when the first rows were read and nothing is sent yet; nothing is sent when it fails
     */
    public record Order(Caller caller, FileType type, ZoneId zone, Table table, Runnable recorded) {}

    /**
     * The answer with the file. It is a problem instead for want of a place or of the database before its first byte. After that an error
     * closes the connection, so that the reader detects an incomplete file.
     */
    public Response answer(Order order, HttpServerRequest request) {
        String name = order.table().fileName(NOW.format(LocalDateTime.ofInstant(clock.instant(), order.zone()))) + "."
                + order.type().label();
        StreamingOutput file = to -> send(order, to, request);
        return Response.ok(file, order.type().contentType(order.table()))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .build();
    }

    private void send(Order order, OutputStream to, HttpServerRequest request) throws IOException {
        places.take(order.caller()).ifPresent(full -> {
            refusals.report(order.caller(), RefusedBy.EXPORTS);
            throw full.refusal(
                    "At most " + MOST_OF_A_CALLER
                            + " of your files are sent at a time; send the request again after Retry-After seconds.",
                    "Too many files are being sent; send the request again after Retry-After seconds.",
                    LATER);
        });
        long begun = System.nanoTime();
        ExportRun run = new ExportRun(order, batch, config, threads, request);
        try {
            run.write(to);
        } finally {
            places.leave(order.caller());
            timer(order.type(), run.outcome()).record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
            rows(order.type()).increment(run.written());
            LOG.infof(
                    "export.ended what=%s caller=%s type=%s rows=%d outcome=%s filter=%s",
                    order.table().name(),
                    order.caller().name(),
                    order.type().label(),
                    run.written(),
                    run.outcome().label(),
                    order.table().description());
        }
    }
}

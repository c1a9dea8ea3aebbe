package io.liveness.gateway.bill.importing;

import io.liveness.gateway.platform.http.Upload;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Places for files: each keeps a thread and the database busy. An import takes one connection of the batch lane while it reads and matches,
 * and each second one more to tell its progress.
 */
@Singleton
class ImportPlaces {

    private static final int MAX_AT_ONCE = 2;

    private static final Duration SOON = Duration.ofSeconds(5);

    /** Limits for the import of statements. */
    @ConfigMapping(prefix = "liveness.statement")
    interface Limits {

        /** Largest <a href="docs/finance.md#statements">statement</a>. Other request bodies: 128 KB. */
        @WithDefault("200M")
        MemorySize maxFileSize();

        /** Limit of the upload of a statement. */
        @WithDefault("15m")
        @DurationMin(seconds = 10, message = "liveness.statement.receive-timeout must be at least 10s")
        @DurationMax(hours = 2, message = "liveness.statement.receive-timeout must be at most 2h")
        Duration receiveTimeout();

        /** A longer import is answered 202 and goes on. */
        @WithDefault("20s")
        @DurationMin(millis = 1, message = "liveness.statement.answer-within must be at least 1ms")
        @DurationMax(seconds = 50, message = "liveness.statement.answer-within must be at most 50s")
        Duration answerWithin();
    }

    private final Refusals refusals;
    private final Semaphore places = new Semaphore(MAX_AT_ONCE);

    ImportPlaces(Refusals refusals) {
        this.refusals = refusals;
    }

    /** The operations that take a file. */
    @Produces
    @Singleton
    static Upload upload(Limits config) {
        return upload(ImportResource.PATH, config);
    }

    @Produces
    @Singleton
    @Identifier("preview")
    static Upload previewUpload(Limits config) {
        return upload(ImportResource.PATH + ImportResource.PREVIEW, config);
    }

    private static Upload upload(String path, Limits config) {
        return new Upload(path, config.maxFileSize().asLongValue(), config.receiveTimeout());
    }

    /** Takes a place, which has to be left once. @throws ProblemException {@code busy}, when there is none */
    void take(Caller caller) {
        if (!places.tryAcquire()) {
            refusals.report(caller, RefusedBy.IMPORTS);
            throw new ProblemException(
                            ProblemCode.BUSY,
                            "At most " + MAX_AT_ONCE
                                    + " statements are imported at a time; send the file again after Retry-After seconds.")
                    .retryAfter(SOON);
        }
    }

    void leave() {
        places.release();
    }
}

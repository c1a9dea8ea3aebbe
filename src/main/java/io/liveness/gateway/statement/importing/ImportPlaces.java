package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.body.Upload;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Places for files: each keeps a thread and the database busy. An import takes one connection of the batch lane while it reads and matches,
 * and all of them together one more to tell their progress.
 */
@Singleton
class ImportPlaces {

    static final int MAX_AT_ONCE = 2;

    private static final Duration SOON = Duration.ofSeconds(5);

    private final Refusals refusals;
    private final Bulkhead places = new Bulkhead(MAX_AT_ONCE, MAX_AT_ONCE);

    ImportPlaces(Refusals refusals) {
        this.refusals = refusals;
    }

    /** The operations that take a file. */
    @Produces
    @Singleton
    static Upload upload(ImportConfig config) {
        return upload(ImportResource.PATH, config);
    }

    @Produces
    @Singleton
    @Identifier("preview")
    static Upload previewUpload(ImportConfig config) {
        return upload(ImportResource.PATH + ImportResource.PREVIEW, config);
    }

    private static Upload upload(String path, ImportConfig config) {
        return new Upload(path, config.maxFileSize().asLongValue(), config.receiveTimeout());
    }

    /** Takes a place, which has to be left once. @throws ProblemException {@code busy}, when there is none */
    void take(Caller caller) {
        if (places.take(caller).isPresent()) {
            refusals.count(caller, RefusedBy.IMPORTS);
            throw new ProblemException(
                            CommonProblem.BUSY,
                            "At most " + MAX_AT_ONCE
                                    + " statements are imported at a time; send the file again after Retry-After seconds.")
                    .retryAfter(SOON);
        }
    }

    void leave(Caller caller) {
        places.leave(caller);
    }

    /** One that ends with the process. */
    static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}

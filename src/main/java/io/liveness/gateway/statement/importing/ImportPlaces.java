package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.body.Upload;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.statement.mapping.NamedMapping;
import io.liveness.gateway.statement.mapping.StoreMappings;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Imports a few statements at a time: each keeps the database busy, and holds a thread while its file arrives. These threads serve
 * nothing else, so a slow sender keeps nothing else waiting.
 */
@Singleton
class ImportPlaces {

    static final int MAX_AT_ONCE = 2;

    private static final Duration SOON = Duration.ofSeconds(5);

    private final StoreMappings mappings;
    private final ImportStatement imports;
    private final PreviewFile preview;
    private final Refusals refusals;
    private final Upload upload;
    private final Bulkhead places = new Bulkhead(MAX_AT_ONCE, MAX_AT_ONCE);
    private final ExecutorService threads = Executors.newFixedThreadPool(MAX_AT_ONCE, ImportPlaces::thread);

    ImportPlaces(
            StoreMappings mappings,
            ImportStatement imports,
            PreviewFile preview,
            Refusals refusals,
            ImportConfig config) {
        this.mappings = mappings;
        this.imports = imports;
        this.preview = preview;
        this.refusals = refusals;
        this.upload = upload(config);
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

    /**
     * Imports a file.
     *
     * @param caller the caller that it counts for
     * @param by the actor on the audit list
     */
    Uni<ImportStatement.Answer> run(Caller caller, String by, SentFile file, ImportQuery query) {
        return mapping(query)
                .map(mapping -> query.order(mapping, by))
                .chain(order -> {
                    take(caller);
                    return onThread(() -> imports.run(file, upload, order, () -> places.leave(caller)));
                })
                .chain(answer -> answer);
    }

    /**
     * Shows the first lines of a file.
     *
     * @param caller the caller that it counts for
     * @param by the actor
     */
    Uni<PreviewView> preview(Caller caller, String by, SentFile file, PreviewQuery query) {
        return mapping(query).chain(mapping -> {
            take(caller);
            return onThread(() -> {
                try {
                    return preview.preview(file, upload, mapping, by);
                } finally {
                    places.leave(caller);
                }
            });
        });
    }

    /** It is not cancelled when the caller leaves: it has a place to leave. */
    private <T> Uni<T> onThread(Supplier<T> work) {
        return Uni.createFrom()
                .emitter(waiting -> threads.execute(() -> {
                    try {
                        waiting.complete(work.get());
                    } catch (RuntimeException | Error e) {
                        waiting.fail(e);
                    }
                }));
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "statement-file");
        thread.setDaemon(true);
        return thread;
    }

    @PreDestroy
    void stop() {
        threads.shutdown();
    }

    private Uni<NamedMapping> mapping(PreviewQuery query) {
        return mappings.forImport(query.checkedMapping())
                .map(found -> found.orElseThrow(() -> ProblemException.invalid("mapping", "no mapping has that name")));
    }

    private void take(Caller caller) {
        if (places.take(caller).isPresent()) {
            refusals.count(caller, RefusedBy.IMPORTS);
            throw new ProblemException(
                            CommonProblem.BUSY,
                            "At most " + MAX_AT_ONCE
                                    + " statements are imported at a time; send the file again after Retry-After seconds.")
                    .retryAfter(SOON);
        }
    }
}

package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.body.Upload;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.statement.ImportOrder;
import io.liveness.gateway.statement.mapping.NamedMapping;
import io.liveness.gateway.statement.mapping.StoreMappings;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Imports a few statements at a time: each holds a thread and keeps the database busy. */
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
        return new Upload(ImportResource.PATH, config.maxFileSize().asLongValue());
    }

    @Produces
    @Singleton
    @Identifier("preview")
    static Upload previewUpload(ImportConfig config) {
        return new Upload(
                ImportResource.PATH + ImportResource.PREVIEW,
                config.maxFileSize().asLongValue());
    }

    /**
     * Imports a file. To be used on a thread that may wait.
     *
     * @param caller the caller that it counts for
     * @param by the actor on the audit list
     */
    Uni<ImportStatement.Answer> run(Caller caller, String by, SentFile file, ImportQuery query) {
        ImportOrder order = query.order(mapping(query), by);
        take(caller);
        return imports.run(file, upload, order, () -> places.leave(caller));
    }

    /**
     * Shows the first lines of a file. To be used on a thread that may wait.
     *
     * @param caller the caller that it counts for
     * @param by the actor
     */
    PreviewView preview(Caller caller, String by, SentFile file, PreviewQuery query) {
        NamedMapping mapping = mapping(query);
        take(caller);
        try {
            return preview.preview(file, upload, mapping, by);
        } finally {
            places.leave(caller);
        }
    }

    private NamedMapping mapping(PreviewQuery query) {
        return mappings.forImport(query.checkedMapping())
                .await()
                .indefinitely()
                .orElseThrow(() -> ProblemException.invalid("mapping", "no mapping has that name"));
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

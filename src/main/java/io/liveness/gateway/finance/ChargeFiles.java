package io.liveness.gateway.finance;

import io.liveness.gateway.platform.export.FileType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import java.time.ZoneId;

/** Answers requests with charges as a file. */
public interface ChargeFiles {

    /**
     * Sends all charges that the filter fits. Fails with a problem as long as nothing was sent, and breaks the answer off after that. An
     * export by finance is recorded on the audit list before the first byte; a caller's export of its charges is not.
     *
     * @param by the actor
     * @param zone of the times in the file
     */
    Uni<Void> send(ChargeFilter filter, ChargeViewer by, FileType type, ZoneId zone, HttpServerRequest to);
}

package io.liveness.gateway.platform.export;

import io.liveness.gateway.platform.security.Caller;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneId;

/**
 * An order for a file.
 *
 * @param caller that requests the file
 * @param zone of the times in it
 * @param sql reads its rows, in their order
 * @param recorded subscribed to once, before the first byte is sent; nothing is sent when it fails
 */
public record ExportOrder(
        Caller caller, FileType type, ZoneId zone, String sql, Tuple parameters, Table table, Uni<Void> recorded) {}

package io.liveness.gateway.platform.export;

import io.liveness.gateway.platform.export.WriteFile.Part;
import io.liveness.gateway.platform.postgres.DatabaseUnavailable;
import io.liveness.gateway.platform.postgres.Snapshot;
import io.liveness.gateway.platform.postgres.Snapshots;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.function.ObjLongConsumer;
import org.jboss.logging.Logger;

/**
 * One export, from its snapshot to the last byte. At most two portions of rows and the bytes of one are in memory: the next portion is
 * read while one is written by a worker thread, and that one is sent before the next is written. All else happens on one event loop.
 */
final class ExportRun {

    private static final Logger LOG = Logger.getLogger(ExportRun.class);

    private static final int PORTION = 2_000;

    private final Vertx vertx;
    private final Snapshots snapshots;
    private final ExportsConfig config;
    private final ExportOrder order;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ObjLongConsumer<ExportOutcome> whenEnded;
    private final WriteFile file;

    private Context context;
    private UniEmitter<? super Void> waiting;
    private Snapshot snapshot;
    private SendBytes reader;
    private long wholeTimer;
    private long stallTimer;
    private long rows;
    private boolean ended;

    /** @param whenEnded told once, however it ends, with the number of rows */
    ExportRun(
            Vertx vertx,
            Snapshots snapshots,
            ExportsConfig config,
            ExportOrder order,
            HttpServerRequest request,
            ObjLongConsumer<ExportOutcome> whenEnded) {
        this.vertx = vertx;
        this.snapshots = snapshots;
        this.config = config;
        this.order = order;
        this.request = request;
        this.response = request.response();
        this.whenEnded = whenEnded;
        this.file = new WriteFile(order.table(), order.type(), order.zone());
    }

    void start(UniEmitter<? super Void> waitingForEnd) {
        context = vertx.getOrCreateContext();
        waiting = waitingForEnd;
        reader = new SendBytes(response, this::progress);
        // Cancelled when the reader leaves; once ended, this changes nothing.
        waiting.onTermination(() -> end(ExportOutcome.ABANDONED, null));
        wholeTimer = vertx.setTimer(config.maxDuration().toMillis(), late -> end(ExportOutcome.TOO_LONG, null));
        progress();
        snapshots
                .open(context, order.sql(), order.parameters(), config.stallTimeout(), config.maxDuration())
                .onSuccess(this::opened)
                .onFailure(this::failed);
    }

    private void opened(Snapshot opened) {
        if (ended) {
            opened.drop();
            return;
        }
        snapshot = opened;
        UniHelper.toFuture(order.recorded())
                .compose(recorded -> snapshot.read(PORTION))
                .onSuccess(this::write)
                .onFailure(this::failed);
    }

    private void write(RowSet<Row> portion) {
        if (ended) {
            return;
        }
        progress();
        Future<RowSet<Row>> next = snapshot.hasMore() ? snapshot.read(PORTION) : null;
        made(context.executeBlocking(() -> file.write(portion)))
                .onSuccess(part -> {
                    if (next == null || part.isEnd()) {
                        finish();
                    } else {
                        next.onSuccess(this::write).onFailure(this::failed);
                    }
                })
                .onFailure(this::failed);
    }

    private void finish() {
        if (ended) {
            return;
        }
        // The reader may take its time for the rest; the database has done its part.
        snapshot.close();
        snapshot = null;
        made(context.executeBlocking(file::end))
                .onSuccess(sent -> end(ExportOutcome.DONE, null))
                .onFailure(this::failed);
    }

    /** Sends a part once it is made, and completes when the reader has taken most of it. */
    private Future<Part> made(Future<Part> making) {
        return making.compose(part -> {
            if (ended) {
                return Future.succeededFuture(part);
            }
            progress();
            rows = part.rows();
            if (!response.headWritten()) {
                response.putHeader("Content-Type", order.type().contentType()).setChunked(true);
            }
            return reader.send(part.bytes()).map(part);
        });
    }

    private void progress() {
        vertx.cancelTimer(stallTimer);
        if (!ended) {
            stallTimer = vertx.setTimer(config.stallTimeout().toMillis(), late -> stalled());
        }
    }

    private void stalled() {
        if (reader != null && reader.isWaiting()) {
            end(ExportOutcome.STALLED, null);
        } else {
            failed(DatabaseUnavailable.notInTime());
        }
    }

    private void failed(Throwable failure) {
        if (ended) {
            return;
        }
        boolean away = failure instanceof DatabaseUnavailable;
        if (response.headWritten()) {
            // The answer has begun, so closing the connection is the only way to report the failure.
            LOG.errorf(
                    away ? null : failure,
                    "export.broken what=%s cause=%s",
                    order.table().name(),
                    failure);
        }
        end(away ? ExportOutcome.UNAVAILABLE : ExportOutcome.FAILED, failure);
    }

    private void end(ExportOutcome outcome, Throwable failure) {
        if (ended) {
            return;
        }
        ended = true;
        vertx.cancelTimer(wholeTimer);
        vertx.cancelTimer(stallTimer);
        if (snapshot != null) {
            snapshot.drop();
        }
        whenEnded.accept(outcome, rows);
        if (outcome == ExportOutcome.DONE) {
            response.end();
            waiting.complete(null);
        } else if (!response.headWritten()) {
            response.setChunked(false).headers().remove("Content-Disposition");
            waiting.fail(failure == null ? DatabaseUnavailable.notInTime() : failure);
        } else {
            breakOff();
        }
    }

    /** Without the end of the answer, the reader sees that the file is broken. Its Uni is cancelled with the connection. */
    private void breakOff() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset();
        } else {
            request.connection().close();
        }
    }
}

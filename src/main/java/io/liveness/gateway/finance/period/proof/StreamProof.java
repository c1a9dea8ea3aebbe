package io.liveness.gateway.finance.period.proof;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.platform.export.ExportsConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Writes the proof of a month to a caller, a page at a time: the next one is read when this one is on its way. A caller that takes no page
 * for {@code liveness.exports.stall-timeout} is disconnected.
 */
@Singleton
public class StreamProof {

    public static final String MEDIA_TYPE = "application/x-ndjson";

    private static final Logger LOG = Logger.getLogger(StreamProof.class);

    private final ReadProof proofs;
    private final Duration longestPage;

    StreamProof(ReadProof proofs, ExportsConfig config) {
        this.proofs = proofs;
        this.longestPage = config.stallTimeout();
    }

    /**
     * Fails while the answer has not begun; after that it breaks the answer off.
     *
     * @return whether all of it was sent
     */
    public Uni<Boolean> stream(Month month, HttpServerRequest to) {
        HttpServerResponse response = to.response();
        return proofs.pages(month)
                .onItem()
                .transformToUniAndConcatenate(page -> write(month, Buffer.buffer(ProofText.of(page)), response))
                .collect()
                .last()
                .chain(() -> end(month, response))
                .replaceWith(true)
                .onFailure(failure -> response.headWritten())
                .recoverWithItem(failure -> breakOff(month, failure, to));
    }

    private Uni<Void> write(Month month, Buffer page, HttpServerResponse response) {
        begin(month, response);
        return done(response.write(page));
    }

    private static void begin(Month month, HttpServerResponse response) {
        if (!response.headWritten()) {
            response.setChunked(true)
                    .putHeader("Content-Type", MEDIA_TYPE)
                    .putHeader("Content-Disposition", "attachment; filename=\"proof-" + month.name() + ".ndjson\"");
        }
    }

    private Uni<Void> end(Month month, HttpServerResponse response) {
        // A month without rows has no page.
        begin(month, response);
        return done(response.end());
    }

    private Uni<Void> done(Future<Void> written) {
        return Uni.createFrom()
                .completionStage(written.toCompletionStage())
                .ifNoItem()
                .after(longestPage)
                .failWith(() -> new TimeoutException("The caller takes nothing"));
    }

    /** A proof cut off must not pass for a whole one: without the end of the answer, the caller sees it broken. */
    private static boolean breakOff(Month month, Throwable failure, HttpServerRequest to) {
        LOG.warnf("period.proof-broken-off month=%s reason=%s", month.name(), failure.getMessage());
        if (to.version() == HttpVersion.HTTP_2) {
            to.response().reset();
        } else {
            // Written bytes are sent first. The server's idle timeout disconnects a caller that does not receive them.
            to.connection().close();
        }
        return false;
    }
}

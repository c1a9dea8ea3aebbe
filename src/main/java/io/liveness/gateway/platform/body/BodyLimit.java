package io.liveness.gateway.platform.body;

import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.LingeringClose;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.quarkus.arc.All;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.vertx.VertxInputStream;

/** Answers bodies that say they are too large before they are read; see {@link RequestBodies} for those that do not say. */
@ApplicationScoped
public class BodyLimit {

    /** The largest request that keeps every rule: 16 metadata entries of escaped emoji are about 64 KB. */
    static final int LIMIT = 128 * 1024;

    /** The prefix of an operation that a browser calls: the request passes here with it, and again without it. */
    private static final String CONSOLE = "/console";

    // Just before the limit that Quarkus enforces itself, whose answer has no body.
    private static final int BEFORE_QUARKUS = -3;
    private static final int AFTER_QUARKUS = -1;

    private final List<Upload> uploads;
    private final UnfinishedBodies unfinished;
    private final Duration timeout;
    private final ProblemWriter writer;

    BodyLimit(
            @All List<Upload> uploads,
            UnfinishedBodies unfinished,
            UnfinishedBodies.Config config,
            ProblemWriter writer) {
        this.uploads = uploads;
        this.unfinished = unfinished;
        this.timeout = config.timeout();
        this.writer = writer;
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_QUARKUS).handler(this::check);
        router.route().order(AFTER_QUARKUS).handler(this::leaveToReader);
    }

    /** A body of unknown length is limited where it is read, since the answer of Quarkus has no body there too. */
    private void leaveToReader(RoutingContext request) {
        Optional<Upload> upload = upload(request);
        unfinished.watch(request, upload.map(Upload::within).orElse(timeout));
        if (upload.isPresent()) {
            request.remove(VertxInputStream.MAX_REQUEST_SIZE_KEY);
            closeAfterEarlyAnswer(request);
        } else if (RequestBodies.isJson(request.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
            request.remove(VertxInputStream.MAX_REQUEST_SIZE_KEY);
        } else if (request.get(VertxInputStream.MAX_REQUEST_SIZE_KEY) != null) {
            request.put(VertxInputStream.MAX_REQUEST_SIZE_KEY, (long) LIMIT);
        }
        request.next();
    }

    /** A file that is refused while it comes is not read to its end. */
    private static void closeAfterEarlyAnswer(RoutingContext request) {
        request.addHeadersEndHandler(answer -> {
            if (!request.request().isEnded()) {
                LingeringClose.closes(request);
            }
        });
    }

    private void check(RoutingContext request) {
        String length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        Optional<Upload> upload = upload(request);
        if (length == null
                || Long.parseLong(length) <= upload.map(Upload::maxBytes).orElse((long) LIMIT)) {
            request.next();
            return;
        }
        writer.write(upload.map(Upload::tooLarge).orElseGet(BodyLimit::tooLarge), request);
    }

    private Optional<Upload> upload(RoutingContext request) {
        if (request.request().method() != HttpMethod.POST) {
            return Optional.empty();
        }
        String path = request.normalizedPath();
        return uploads.stream()
                .filter(one -> path.equals(one.path()) || path.equals(CONSOLE + one.path()))
                .findFirst();
    }

    public static ProblemException tooLarge() {
        return new ProblemException(CommonProblem.TOO_LARGE, "Send a smaller body; the API document has the limits.");
    }
}

package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.netty.channel.EventLoop;
import io.quarkus.arc.All;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.vertx.VertxInputStream;

/** Answers bodies that say they are too large before they are read; see {@link RequestBodies} for those that do not say. */
@ApplicationScoped
public class BodyLimit {

    /** The largest request that keeps every rule: 16 metadata entries of escaped emoji are about 64 KB. */
    static final int LIMIT = 128 * 1024;

    /** The time in which a body has to arrive that is no file. */
    private static final Duration WITHIN = Duration.ofSeconds(10);

    /** The prefix of an operation that a browser calls: the request passes here with it, and again without it. */
    private static final String CONSOLE = "/console";

    // The order is just before the limit that Quarkus enforces itself, whose answer has no body.
    private static final int BEFORE_QUARKUS = -3;
    private static final int AFTER_QUARKUS = -1;

    private final List<Upload> uploads;
    private final UnfinishedBodies unfinished;
    private final ProblemWriter writer;

    BodyLimit(@All List<Upload> uploads, UnfinishedBodies unfinished, ProblemWriter writer) {
        this.uploads = uploads;
        this.unfinished = unfinished;
        this.writer = writer;
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_QUARKUS).handler(this::check);
        router.route().order(AFTER_QUARKUS).handler(this::leaveToReader);
    }

    /** A body of unknown length is limited where it is read, since the answer of Quarkus has no body there too. */
    private void leaveToReader(RoutingContext request) {
        if (request.normalizedPath().startsWith(CONSOLE + "/v1/")) {
            // The request comes here again without the prefix, or is answered without its body.
            request.next();
            return;
        }
        Optional<Upload> upload = upload(request);
        if (!unfinished.watch(request, upload.map(Upload::within).orElse(WITHIN))) {
            return;
        }
        takeUp(request.request());
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

    /** Has the body of a request read on, which stops behind its head. */
    public static void takeUp(HttpServerRequest request) {
        ConnectionBase connection = (ConnectionBase) request.connection();
        EventLoop loop = connection.channel().eventLoop();
        if (loop.inEventLoop()) {
            connection.doResume();
        } else {
            loop.execute(connection::doResume);
        }
    }

    /** A file that is refused while it comes is not read to its end. */
    private static void closeAfterEarlyAnswer(RoutingContext request) {
        request.addHeadersEndHandler(answer -> {
            if (!request.request().isEnded()) {
                ProblemWriter.closeAfterAnswer(request);
            }
        });
    }

    private void check(RoutingContext request) {
        if (isAllowed(request)) {
            request.next();
        }
    }

    /** For a body that a filter of Quarkus reads, before any other route of this class: without this nothing behind its head is read. */
    public void leaveToFilter(RoutingContext request) {
        if (isAllowed(request)) {
            leaveToReader(request);
        }
    }

    /** @return whether the request goes on; else it is answered */
    private boolean isAllowed(RoutingContext request) {
        String length = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        Optional<Upload> upload = upload(request);
        if (length == null
                || Long.parseLong(length) <= upload.map(Upload::maxBytes).orElse((long) LIMIT)) {
            return true;
        }
        writer.write(upload.map(Upload::tooLarge).orElseGet(BodyLimit::tooLarge), request);
        return false;
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
        return new ProblemException(ProblemCode.TOO_LARGE, "Send a smaller body; the API document has the limits.");
    }

    /**
     * What must be true of a body before it is read: it says its type, and JSON is UTF-8 (RFC 8259, 8.1) within the limit.
     * Jackson alone would also take UTF-16, UTF-32 and overlong UTF-8, and the framework a body of unknown type.
     */
    @Provider
    @Singleton
    static class RequestBodies implements ReaderInterceptor {

        private static final Pattern JSON = Pattern.compile("(?i)application/json\\s*(;.*)?");

        @Override
        public Object aroundReadFrom(ReaderInterceptorContext body) throws IOException {
            String type = body.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
            if (type == null || type.isEmpty()) {
                throw new NotSupportedException();
            }
            if (isJson(type)) {
                body.setInputStream(new ByteArrayInputStream(checked(body)));
            }
            return body.proceed();
        }

        static boolean isJson(String contentType) {
            return contentType != null
                    && (contentType.equals(MediaType.APPLICATION_JSON)
                            || JSON.matcher(contentType).matches());
        }

        private byte[] checked(ReaderInterceptorContext body) {
            byte[] bytes;
            try {
                bytes = body.getInputStream().readNBytes(BodyLimit.LIMIT + 1);
            } catch (IOException cutShort) {
                throw ProblemException.invalid("body", "is incomplete");
            }
            if (bytes.length > BodyLimit.LIMIT) {
                throw BodyLimit.tooLarge();
            }
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            } catch (CharacterCodingException e) {
                throw StrictJson.malformed();
            }
            for (byte b : bytes) {
                if (b == 0) {
                    // Never in JSON, always in its UTF-16.
                    throw StrictJson.malformed();
                }
            }
            return bytes;
        }
    }
}

package io.liveness.gateway.events.receiver;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why an attempt had no answer, as owners read it: no message of a library, which may hold addresses. */
final class AttemptError {

    static final String NAME = "name cannot be resolved";
    static final String ADDRESS = "address is not allowed";
    static final String LOST = "connection lost";

    private static final String REFUSED = "connection refused";
    private static final String TLS = "TLS handshake failed";
    private static final String UNREACHABLE = "host cannot be reached";
    private static final String NOT_HTTP = "answer is not HTTP";

    private static final int DEEPEST_CAUSE = 10;

    private AttemptError() {}

    static String noConnection(Duration timeout) {
        return "no connection within " + inWords(timeout);
    }

    static String noAnswer(Duration timeout) {
        return "no answer within " + inWords(timeout);
    }

    /** Why there is no connection. */
    static String ofConnecting(Throwable failure, Duration timeout) {
        if (cause(failure, SSLException.class).isPresent()) {
            return TLS;
        }
        if (cause(failure, TimeoutException.class).isPresent()
                || cause(failure, ConnectTimeoutException.class).isPresent()) {
            return noConnection(timeout);
        }
        return cause(failure, ConnectException.class).isPresent() ? REFUSED : UNREACHABLE;
    }

    /** Why there is no head of an answer, after the connection was made. */
    static String ofAnswer(Throwable failure) {
        return failure instanceof IOException || failure instanceof VertxException ? LOST : NOT_HTTP;
    }

    private static Optional<Throwable> cause(Throwable failure, Class<? extends Throwable> type) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST_CAUSE)
                .filter(type::isInstance)
                .findFirst();
    }

    private static String inWords(Duration time) {
        return time.toMillisPart() == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}

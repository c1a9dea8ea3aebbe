package io.liveness.gateway.jumdata;

import io.liveness.gateway.platform.CallerContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jboss.logging.Logger;

/** One call to the vendor, from connecting to the last byte. Whatever happens becomes a {@link Reply}; it never fails. */
@ApplicationScoped
class Exchange {

    private static final Logger LOG = Logger.getLogger(Exchange.class);

    /**
     * What is thrown only before the first byte of the request is written. A connection that breaks later is a plain
     * SocketException or IOException; a connect timeout is a ConnectException.
     */
    private static final List<Class<? extends Exception>> BEFORE_THE_REQUEST = List.of(
            ConnectException.class,
            NoRouteToHostException.class,
            UnknownHostException.class,
            SSLHandshakeException.class,
            ConnectionPoolTooBusyException.class);

    private final JumdataConfig config;

    Exchange(JumdataConfig config) {
        this.config = config;
    }

    /** @param request asked again, once, when no connection was made: that is the one case in which nothing can have arrived */
    Uni<Reply> send(Supplier<Uni<Response>> request) {
        return Uni.createFrom().deferred(() -> {
            Executor caller = CallerContext.capture();
            return Uni.createFrom()
                    .deferred(request::get)
                    .onFailure(Exchange::neverConnected)
                    .retry()
                    .atMost(1)
                    .map(Exchange::read)
                    .ifNoItem()
                    .after(config.timeout())
                    .recoverWithItem(new Reply.TimedOut())
                    .onFailure()
                    .recoverWithItem(Exchange::failed)
                    .emitOn(caller);
        });
    }

    private static Reply read(Response response) {
        byte[] body = response.hasEntity() ? response.readEntity(byte[].class) : new byte[0];
        return AnswerReader.read(body)
                .<Reply>map(answer -> answer)
                .orElseGet(() -> new Reply.Foreign(response.getStatus()));
    }

    private static Reply failed(Throwable failure) {
        // The stack trace helps nobody here, and a message of a library may hold what must not be logged.
        LOG.debugf("call to the vendor failed with %s", failure.getClass().getName());
        return neverConnected(failure) ? new Reply.NeverConnected() : new Reply.Lost();
    }

    private static boolean neverConnected(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(20) // a chain of causes may be a ring
                .anyMatch(cause -> BEFORE_THE_REQUEST.stream().anyMatch(type -> type.isInstance(cause)));
    }
}

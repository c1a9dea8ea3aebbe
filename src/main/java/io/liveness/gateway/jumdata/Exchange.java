package io.liveness.gateway.jumdata;

import io.liveness.gateway.platform.CallerContext;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * One call to the vendor, from connecting to the last byte. Connecting and answering are two steps, each with a limit of its
 * own. Whatever happens becomes a {@link Reply}; it never fails.
 */
@ApplicationScoped
class Exchange {

    private static final Logger LOG = Logger.getLogger(Exchange.class);
    private static final int ATTEMPTS_TO_CONNECT = 2;

    private final JumdataConfig config;

    Exchange(JumdataConfig config) {
        this.config = config;
    }

    /** @param request made again, once, when the first one was not sent: that is the one case in which nothing can have arrived */
    Uni<Reply> send(Function<Attempt, Uni<Response>> request) {
        return Uni.createFrom().deferred(() -> {
            Executor caller = CallerContext.capture();
            return attempt(request)
                    .emitOn(caller)
                    .chain(reply -> reply instanceof Reply.NeverConnected
                            ? attempt(request).emitOn(caller)
                            : Uni.createFrom().item(reply));
        });
    }

    /** The longest that {@link #send(Function)} takes. */
    Duration longest() {
        return config.connectTimeout().multipliedBy(ATTEMPTS_TO_CONNECT).plus(config.timeout());
    }

    private Uni<Reply> attempt(Function<Attempt, Uni<Response>> request) {
        return Uni.createFrom().deferred(() -> {
            Attempt attempt = new Attempt();
            return Uni.combine()
                    .any()
                    .of(replyOf(attempt, request), notSentInTime(attempt), notAnsweredInTime(attempt));
        });
    }

    private static Uni<Reply> replyOf(Attempt attempt, Function<Attempt, Uni<Response>> request) {
        Uni<Reply> reply = Uni.createFrom()
                .deferred(() -> request.apply(attempt))
                .map(response -> attempt.wasCutOff() ? new Reply.TooLong() : read(response))
                .onFailure()
                .recoverWithItem(failure -> failed(attempt, failure));
        return Uni.createFrom().emitter(waiting -> {
            Cancellable call = reply.subscribe().with(waiting::complete);
            // The client loses the connection of a request that is cancelled while it connects. One that is called off
            // is left to VendorFormWriter, which closes the connection as soon as there is one.
            waiting.onTermination(() -> {
                if (!attempt.callOff()) {
                    call.cancel();
                }
            });
        });
    }

    private Uni<Reply> notSentInTime(Attempt attempt) {
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(config.connectTimeout())
                .chain(() -> attempt.callOff()
                        ? Uni.createFrom().item(new Reply.NeverConnected())
                        : Uni.createFrom().nothing());
    }

    private Uni<Reply> notAnsweredInTime(Attempt attempt) {
        return Uni.createFrom()
                .completionStage(attempt::whenSent)
                .onItem()
                .delayIt()
                .by(config.timeout())
                .map(silent -> new Reply.TimedOut());
    }

    private static Reply read(Response response) {
        byte[] body = response.hasEntity() ? response.readEntity(byte[].class) : new byte[0];
        return AnswerReader.read(body)
                .<Reply>map(answer -> answer)
                .orElseGet(() -> new Reply.Foreign(response.getStatus()));
    }

    private static Reply failed(Attempt attempt, Throwable failure) {
        // The stack trace adds nothing here, and a message of a library may hold what must not be logged.
        LOG.debugf("call to the vendor failed with %s", failure.getClass().getName());
        if (attempt.callOff()) {
            return new Reply.NeverConnected();
        }
        return attempt.wasCutOff() ? new Reply.TooLong() : new Reply.Lost();
    }
}

package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.problem.ProblemWriter;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** The last word outside of JAX-RS: a route that does not exist, or a failure that was not handled. */
class UnknownRoutes {

    private static final Logger LOG = Logger.getLogger(UnknownRoutes.class);

    private final ProblemWriter writer;
    private final AccessRefusals refusals;

    UnknownRoutes(ProblemWriter writer, AccessRefusals refusals) {
        this.writer = writer;
        this.refusals = refusals;
    }

    void register(@Observes Router router) {
        router.route()
                .order(Integer.MAX_VALUE)
                .handler(request -> writer.write(ProblemException.notFound(), request))
                .failureHandler(this::failed);
        // Vert.x answers 400 to an address that no route can even be compared with.
        router.errorHandler(400, request -> writer.write(unreadable(), request));
    }

    private void failed(RoutingContext request) {
        writer.write(problem(request.failure(), request), request);
    }

    private ProblemException problem(Throwable failure, RoutingContext request) {
        if (failure instanceof AuthenticationException || failure instanceof UnauthorizedException) {
            refusals.unauthenticated(request);
            return ProblemChallenge.unauthenticated();
        }
        if (failure instanceof ForbiddenException) {
            refusals.forbidden(request);
            return ProblemMappers.forbidden();
        }
        if (failure instanceof IllegalArgumentException
                || (request.statusCode() >= 400 && request.statusCode() < 500)) {
            return unreadable();
        }
        // There is no key yet to verify a token with. The replica is not ready, and has said so in its log.
        if (failure instanceof OIDCException) {
            return ProblemMappers.unavailable("The issuer of access tokens cannot be reached");
        }
        LOG.errorf(failure, "request.failed path=%s", request.request().path());
        return ProblemMappers.internalError();
    }

    static ProblemException unreadable() {
        return new ProblemException(ProblemCode.INVALID_REQUEST, "The address or a header cannot be read.");
    }
}

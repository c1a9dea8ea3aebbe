package io.liveness.gateway.platform;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** The last word outside of JAX-RS: a route that nobody has, or a failure that nobody caught. */
class UnknownRoutes {

    private static final Logger LOG = Logger.getLogger(UnknownRoutes.class);

    private final ProblemWriter writer;

    UnknownRoutes(ProblemWriter writer) {
        this.writer = writer;
    }

    void register(@Observes Router router) {
        router.route()
                .order(Integer.MAX_VALUE)
                .handler(request -> writer.write(ProblemException.notFound(), request))
                .failureHandler(this::failed);
    }

    private void failed(RoutingContext request) {
        LOG.errorf(
                request.failure(), "request.failed path=%s", request.request().path());
        writer.write(ProblemMappers.internalError(), request);
    }
}

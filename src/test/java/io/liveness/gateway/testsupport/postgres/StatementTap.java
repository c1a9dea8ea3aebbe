package io.liveness.gateway.testsupport.postgres;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.impl.tracing.QueryRequest;
import jakarta.inject.Singleton;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/**
 * Hears every statement that a gateway in this process sends by the reactive driver, and leaves tracing as it is. Tests' own
 * statements go by JDBC.
 */
@Singleton
public class StatementTap implements VertxOptionsCustomizer {

    private static final Pattern OF_SESSIONS =
            Pattern.compile("\\b(liveness_session|session_schedule|session_event|vendor_budget\\w*)\\b");
    private static final Queue<String> SENT = new ConcurrentLinkedQueue<>();

    /** The statements for sessions that were sent meanwhile, in order. Each is a round trip. */
    public static List<String> during(Runnable work) {
        SENT.clear();
        work.run();
        return List.copyOf(SENT);
    }

    @Override
    public void accept(VertxOptions options) {
        TracingOptions given = options.getTracingOptions();
        options.setTracingOptions(new TracingOptions()
                .setFactory(settings -> tapped(
                        given == null || given.getFactory() == null
                                ? VertxTracer.NOOP
                                : given.getFactory().tracer(given))));
    }

    /** Wraps a tracer so that the tap hears its queries. */
    private static VertxTracer<?, ?> tapped(VertxTracer<?, ?> tracer) {
        return (VertxTracer<?, ?>) Proxy.newProxyInstance(
                StatementTap.class.getClassLoader(), new Class<?>[] {VertxTracer.class}, (self, method, arguments) -> {
                    if (method.getName().equals("sendRequest") && arguments[3] instanceof QueryRequest query) {
                        hear(query);
                    }
                    return method.invoke(tracer, arguments);
                });
    }

    private static void hear(QueryRequest query) {
        if (OF_SESSIONS.matcher(query.sql()).find()) {
            SENT.add(query.sql());
        }
        List<Tuple> parameters = query.tuples();
        SeenStatement.add(query.sql(), parameters.isEmpty() ? Tuple.tuple() : parameters.get(0));
    }
}

package io.liveness.gateway.testsupport.postgres;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.Context;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.impl.tracing.QueryRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Hears every statement that a gateway in this process sends by the reactive driver, and leaves tracing as it is. Tests' own
 * statements go by JDBC.
 */
@Singleton
class StatementTap implements VertxOptionsCustomizer, VertxTracer<Object, Object> {

    private VertxTracer<Object, Object> tracer;

    @Override
    @SuppressWarnings("unchecked")
    public void accept(VertxOptions options) {
        TracingOptions given = options.getTracingOptions();
        options.setTracingOptions(new TracingOptions().setFactory(settings -> {
            tracer = given == null || given.getFactory() == null
                    ? VertxTracer.NOOP
                    : (VertxTracer<Object, Object>) given.getFactory().tracer(given);
            return this;
        }));
    }

    @Override
    public <R> Object sendRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            BiConsumer<String, String> headers,
            TagExtractor<R> tags) {
        if (request instanceof QueryRequest query) {
            List<Tuple> parameters = query.tuples();
            SentStatements.add(query.sql());
            SeenStatement.add(query.sql(), parameters.isEmpty() ? Tuple.tuple() : parameters.get(0));
        }
        return tracer.sendRequest(context, kind, policy, request, operation, headers, tags);
    }

    @Override
    public <R> void receiveResponse(
            Context context, R response, Object payload, Throwable failure, TagExtractor<R> tags) {
        tracer.receiveResponse(context, response, payload, failure, tags);
    }

    @Override
    public <R> Object receiveRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            Iterable<Map.Entry<String, String>> headers,
            TagExtractor<R> tags) {
        return tracer.receiveRequest(context, kind, policy, request, operation, headers, tags);
    }

    @Override
    public <R> void sendResponse(Context context, R response, Object payload, Throwable failure, TagExtractor<R> tags) {
        tracer.sendResponse(context, response, payload, failure, tags);
    }

    @Override
    public void close() {
        tracer.close();
    }
}

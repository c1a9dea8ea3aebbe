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
import java.util.function.BiConsumer;

/** Hears every statement that a gateway in this process sends by the reactive driver. Tests' own statements go by JDBC. */
@Singleton
class StatementTap implements VertxOptionsCustomizer, VertxTracer<Object, Object> {

    @Override
    public void accept(VertxOptions options) {
        options.setTracingOptions(new TracingOptions().setFactory(settings -> this));
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
            SeenStatement.add(query.sql(), parameters.isEmpty() ? Tuple.tuple() : parameters.get(0));
        }
        return null;
    }
}

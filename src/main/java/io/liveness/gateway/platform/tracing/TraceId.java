package io.liveness.gateway.platform.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Optional;

/** The id by which a request's spans and log lines are found. */
public final class TraceId {

    private TraceId() {}

    /** Empty when tracing is off. */
    public static Optional<String> current() {
        SpanContext span = Span.current().getSpanContext();
        return span.isValid() ? Optional.of(span.getTraceId()) : Optional.empty();
    }
}

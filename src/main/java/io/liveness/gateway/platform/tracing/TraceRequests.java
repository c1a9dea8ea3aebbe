package io.liveness.gateway.platform.tracing;

import io.liveness.gateway.platform.start.StartRefused;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Traces begin with requests to the API. Scheduled work sends several statements a second, and each would be a separate trace. The caller
 * that begins a trace decides about its sampling.
 */
@Singleton
class TraceRequests implements Sampler {

    private static final String RATIO = "quarkus.otel.traces.sampler.arg";
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final String OF_OPERATIONS = "/q/";

    private final Sampler sampler;

    TraceRequests(@ConfigProperty(name = RATIO) double ratio) {
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new StartRefused(RATIO + " must be from 0.0 to 1.0");
        }
        this.sampler = Sampler.parentBased(Sampler.traceIdRatioBased(ratio));
    }

    @Override
    public SamplingResult shouldSample(
            Context parent,
            String traceId,
            String name,
            SpanKind kind,
            Attributes attributes,
            List<LinkData> parentLinks) {
        boolean traced = kind == SpanKind.SERVER
                ? !String.valueOf(attributes.get(PATH)).startsWith(OF_OPERATIONS)
                : Span.fromContext(parent).getSpanContext().isValid();
        return traced
                ? sampler.shouldSample(parent, traceId, name, kind, attributes, parentLinks)
                : SamplingResult.drop();
    }

    @Override
    public String getDescription() {
        return "TraceRequests{" + sampler.getDescription() + "}";
    }

    /**
     * Removes personal and secret data from spans: when a span begins, it empties all attributes that are not on a list of harmless ones.
     * Queries and addresses hold tokens and faces; network addresses of people are personal data.
     */
    @Singleton
    static class Privacy implements SpanProcessor {

        /** Statements have parameters in place of values. */
        private static final Set<String> HARMLESS = Set.of(
                "http.request.method",
                "http.route",
                "network.protocol.name",
                "network.protocol.version",
                "server.address",
                "url.scheme",
                "db.namespace",
                "db.operation",
                "db.operation.name",
                "db.query.text",
                "db.sql.table",
                "db.statement",
                "db.system",
                "db.system.name");

        private static final String EMPTY = "";

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            span.getAttributes().forEach((key, value) -> {
                if (key.getType() == AttributeType.STRING && !HARMLESS.contains(key.getKey())) {
                    span.setAttribute(AttributeKey.stringKey(key.getKey()), EMPTY);
                }
            });
        }

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            // The end of a span needs no work.
        }

        @Override
        public boolean isEndRequired() {
            return false;
        }
    }
}

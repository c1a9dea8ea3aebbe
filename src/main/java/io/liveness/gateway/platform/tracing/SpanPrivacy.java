package io.liveness.gateway.platform.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Removes personal and secret data from spans: when a span begins, it empties all attributes that are not on a list of harmless ones.
 * Queries and addresses hold tokens and faces; network addresses of people are personal data.
 */
@Singleton
class SpanPrivacy implements SpanProcessor {

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
        // Nothing is done with it.
    }

    @Override
    public boolean isEndRequired() {
        return false;
    }
}

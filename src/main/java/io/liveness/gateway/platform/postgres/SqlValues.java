package io.liveness.gateway.platform.postgres;

import com.github.f4b6a3.uuid.UuidCreator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/** How our values become parameters of a statement; {@link Records} has those of many. */
public final class SqlValues {

    private SqlValues() {}

    public static OffsetDateTime time(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    /** A span of time as a parameter. */
    public static double millis(Duration duration) {
        return duration.toMillis();
    }

    public static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (seconds * 1_000));
    }

    public static Buffer bytes(byte[] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }

    public static UUID newId(Instant at) {
        return UuidCreator.getTimeOrderedEpoch(at);
    }

    /** A JSON object of the values that are there. */
    public static JsonObject detail(Object... keysAndValues) {
        JsonObject detail = new JsonObject();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (keysAndValues[i + 1] != null) {
                detail.put((String) keysAndValues[i], keysAndValues[i + 1]);
            }
        }
        return detail;
    }
}

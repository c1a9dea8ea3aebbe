package io.liveness.gateway.platform.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** The one form of times that we tell: ISO 8601 in UTC with milliseconds, {@code 2026-11-03T02:00:00.000Z}. What is finer is cut off. */
@Singleton
public class JsonTime implements ObjectMapperCustomizer {

    private static final DateTimeFormatter FORM =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    public static String text(Instant time) {
        return FORM.format(time);
    }

    /** The priority is after Quarkus, whose module of times has another form. */
    @Override
    public int priority() {
        return MINIMUM_PRIORITY;
    }

    @Override
    public void customize(ObjectMapper json) {
        json.registerModule(new SimpleModule("times").addSerializer(new Serializer()));
    }

    private static final class Serializer extends StdSerializer<Instant> {

        private static final long serialVersionUID = 1;

        private Serializer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant time, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(text(time));
        }
    }
}

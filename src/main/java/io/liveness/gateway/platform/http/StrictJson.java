package io.liveness.gateway.platform.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBuilder;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.NullValueProvider;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.databind.util.AccessPattern;
import io.liveness.gateway.platform.problem.ProblemException;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How strictly we read JSON: what a caller meant must not be guessed where a fee follows from it. */
@Singleton
public class StrictJson implements ObjectMapperCustomizer {

    private static final List<CoercionInputShape> SCALARS =
            List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean);

    @Override
    @SuppressWarnings("deprecation") // the builder that replaces configure(MapperFeature) is not ours to call
    public void customize(ObjectMapper json) {
        json.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .configure(MapperFeature.ALLOW_COERCION_OF_SCALARS, false);
        json.registerModule(new SimpleModule("explicit-nulls").setDeserializerModifier(new ExplicitNulls()));
        json.getFactory().configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature(), true);
        json.coercionConfigDefaults().setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
        for (CoercionInputShape scalar : SCALARS) {
            json.coercionConfigFor(LogicalType.Textual).setCoercion(scalar, CoercionAction.Fail);
        }
    }

    // The end of what Jackson says of an unknown name, whose beginning has that name.
    private static final Pattern CHOICES = Pattern.compile("accepted for Enum class: (\\[[^]\\[]+])$");

    /** The message for the caller. Jackson's messages have names of classes. */
    public static ProblemException problem(JacksonException unreadable) {
        if (unreadable instanceof UnrecognizedPropertyException unknown) {
            return ProblemException.invalid(path(unknown), "is not a field of this request");
        }
        if (unreadable instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            Matcher choices = CHOICES.matcher(mapping.getOriginalMessage());
            return ProblemException.invalid(
                    path(mapping),
                    choices.find() ? "must be one of " + choices.group(1) : "is null or has the wrong type");
        }
        return malformed();
    }

    public static ProblemException malformed() {
        return ProblemException.invalid("body", "is not one well-formed JSON object with distinct field names");
    }

    private static String path(JsonMappingException mapping) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : mapping.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }

    /** Refuses a field that is given as null. Jackson's own setting for it (Nulls.FAIL) also refuses records' absent fields. */
    static final class ExplicitNulls extends BeanDeserializerModifier {

        private static final long serialVersionUID = 1;

        @Override
        public BeanDeserializerBuilder updateBuilder(
                DeserializationConfig config, BeanDescription bean, BeanDeserializerBuilder builder) {
            SettableBeanProperty[] components = builder.getValueInstantiator().getFromObjectArguments(config);
            for (int i = 0; components != null && i < components.length; i++) {
                components[i] = components[i].withNullProvider(new Refusal());
            }
            return builder;
        }

        /** Jackson trims an enum's name before it looks it up. */
        @Override
        public JsonDeserializer<?> modifyEnumDeserializer(
                DeserializationConfig config, JavaType type, BeanDescription bean, JsonDeserializer<?> deserializer) {
            return new Exact(type, deserializer);
        }

        private static final class Exact extends StdDeserializer<Object> {

            private static final long serialVersionUID = 1;

            private final transient JsonDeserializer<?> names;

            Exact(JavaType type, JsonDeserializer<?> names) {
                super(type);
                this.names = names;
            }

            @Override
            public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
                if (in.hasToken(JsonToken.VALUE_STRING)
                        && !in.getText().equals(in.getText().trim())) {
                    return context.handleWeirdStringValue(handledType(), in.getText(), "not a name");
                }
                return names.deserialize(in, context);
            }
        }

        private static final class Refusal implements NullValueProvider {

            @Override
            public Object getNullValue(DeserializationContext context) throws JsonMappingException {
                throw JsonMappingException.from(context, "null");
            }

            @Override
            public Object getAbsentValue(DeserializationContext context) {
                return null;
            }

            @Override
            public AccessPattern getNullAccessPattern() {
                return AccessPattern.DYNAMIC;
            }
        }
    }
}

package io.liveness.gateway.platform.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBuilder;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.NullValueProvider;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.util.AccessPattern;
import java.io.IOException;

/** Refuses a field that is given as null. Jackson's own setting for it (Nulls.FAIL) also refuses records' absent fields. */
final class ExplicitNulls extends BeanDeserializerModifier {

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

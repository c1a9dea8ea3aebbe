package io.liveness.gateway.bill.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The mapping of {@code liveness.statement.default-mapping}. */
@Singleton
class DefaultMapping implements ConfigurationRule {

    /** Mapping of a statement's columns when its import names none. */
    @ConfigMapping(prefix = "liveness.statement")
    interface Config {

        /**
         * Mapping of columns when the import of a <a href="docs/finance.md#statements">statement</a> names none, as
         * {@code PUT /v1/statement-mappings/{name}} takes it.
         */
        @WithDefault("""
                {"columns":{"taskNo":"taskNo","time":"time","status":"status","amount":"amount"},\
                "timeFormats":["yyyy-MM-dd HH:mm:ss","yyyy/M/d H:mm:ss","yyyy-MM-dd'T'HH:mm:ssXXX"],"timeZone":"Asia/Shanghai",\
                "statusWords":{"预扣":"PRE_DEDUCTED","实扣":"CHARGED","退回":"REFUNDED",\
                "PRE_DEDUCTED":"PRE_DEDUCTED","CHARGED":"CHARGED","REFUNDED":"REFUNDED"},\
                "currency":"CNY","sign":"POSITIVE","totalWords":["合计","总计","Total"]}""")
        String defaultMapping();
    }

    private final Mapping mapping;

    DefaultMapping(Config config, ObjectMapper json, Validator validator) {
        try {
            this.mapping = json.readValue(config.defaultMapping(), Mapping.class);
        } catch (JsonProcessingException e) {
            throw wrong(Stream.of(e.getOriginalMessage()));
        }
        if (mapping == null) {
            throw wrong(Stream.of("it is null"));
        }
        Set<ConstraintViolation<Mapping>> broken = validator.validate(mapping);
        if (!broken.isEmpty()) {
            throw wrong(broken.stream().map(rule -> rule.getPropertyPath() + " " + rule.getMessage()));
        }
        try {
            mapping.checked();
        } catch (ProblemException e) {
            throw wrong(e.errors().stream().map(error -> error.field() + " " + error.message()));
        }
    }

    private static IllegalArgumentException wrong(Stream<String> why) {
        return new IllegalArgumentException("liveness.statement.default-mapping must be a mapping of columns: "
                + why.map(text -> text.replace('\n', ' ')).collect(Collectors.joining("; ")));
    }

    Mapping mapping() {
        return mapping;
    }
}

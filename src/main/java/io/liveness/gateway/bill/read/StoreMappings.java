package io.liveness.gateway.bill.read;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.books.audit.Audit;
import io.liveness.gateway.books.audit.AuditedAct;
import io.liveness.gateway.platform.Sha256;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Mappings as they are stored, and the one that is configured under the name {@link NamedMapping#DEFAULT}. */
@Singleton
public class StoreMappings {

    private static final String STORED = "select name, definition, set_by, set_at from statement_mapping";

    /**
     * A mapping and its name, as it is at an import and as the API tells it.
     *
     * @param definition as JSON, in one form for each mapping
     * @param hash SHA-256 of the definition
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NamedMapping(
            String name,

            Mapping mapping,

            String setBy,

            Instant setAt,

            @JsonIgnore String definition,
            @JsonIgnore byte[] hash) {

        /** The name of the mapping that is configured. */
        public static final String DEFAULT = "default";

        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

        /** @param field what of the request it is */
        public static String checkedName(String field, String given) {
            if (!NAME.matcher(given).matches()) {
                throw ProblemException.invalid(field, "must be 1 to 64 of A-Za-z0-9._-");
            }
            return given;
        }

        static String savableName(String given) {
            if (checkedName("name", given).equals(DEFAULT)) {
                throw ProblemException.invalid("name", "must not be default, which is configured");
            }
            return given;
        }
    }

    /** The mapping of {@code liveness.statement.default-mapping}. */
    @Singleton
    static class DefaultMapping implements ConfigurationRule {

        /** Mapping of a statement's columns when its import names none. */
        @ConfigMapping(prefix = "liveness.statement")
        interface MappingSettings {

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

        DefaultMapping(MappingSettings config, ObjectMapper json, Validator validator) {
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

    private final Batch batch;
    private final ObjectMapper json;
    private final DefaultMapping configured;

    StoreMappings(Batch batch, ObjectMapper json, DefaultMapping configured) {
        this.batch = batch;
        this.json = json;
        this.configured = configured;
    }

    /** The default one first, then by name. */
    List<NamedMapping> all() {
        List<NamedMapping> all = new ArrayList<>(List.of(theDefault()));
        all.addAll(batch.read(connection -> Sql.list(connection, STORED + " order by name", this::stored)));
        return all;
    }

    /** Empty when none has that name. */
    public Optional<NamedMapping> byName(String name) {
        return name.equals(NamedMapping.DEFAULT)
                ? Optional.of(theDefault())
                : batch.read(connection -> Sql.first(connection, STORED + " where name = ?", this::stored, name));
    }

    /**
     * Saves a mapping and records it on the audit list.
     *
     * @param onlyNew whether it may take the place of no other
     * @throws ProblemException when it would
     */
    NamedMapping set(String name, Mapping mapping, Actor by, boolean onlyNew) {
        String definition = text(mapping);
        return batch.transact(connection -> {
            NamedMapping saved = Sql.first(connection, """
                            insert into statement_mapping (name, definition, set_by, set_at) values (?, ?::jsonb, ?, liveness_now())
                            on conflict (name) do update
                            set definition = excluded.definition, set_by = excluded.set_by, set_at = excluded.set_at
                            where not ?
                            returning name, definition, set_by, set_at
                            """, this::stored, name, definition, by.name(), onlyNew)
                    .orElseThrow(() -> ProblemException.precondition(
                            "name", "name-taken", "is the name of another mapping already"));
            Map<String, String> detail = Map.of("sha256", HexFormat.of().formatHex(sha256(definition)));
            Audit.record(connection, AuditedAct.STATEMENT_MAPPING_SET, by, name, detail);
            return saved;
        });
    }

    /**
     * Removes a mapping and records it on the audit list.
     *
     * @return whether it existed
     */
    boolean remove(String name, Actor by) {
        return batch.transact(connection -> {
            boolean there = Sql.execute(connection, "delete from statement_mapping where name = ?", name) > 0;
            if (there) {
                Audit.record(connection, AuditedAct.STATEMENT_MAPPING_REMOVED, by, name, Map.of());
            }
            return there;
        });
    }

    private NamedMapping theDefault() {
        return named(NamedMapping.DEFAULT, configured.mapping(), null, null);
    }

    private NamedMapping stored(ResultSet row) throws SQLException {
        try {
            Mapping mapping = json.readValue(row.getString("definition"), Mapping.class);
            return named(row.getString("name"), mapping, row.getString("set_by"), Sql.time(row, "set_at"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored mapping is always readable", e);
        }
    }

    private NamedMapping named(String name, Mapping mapping, String setBy, Instant setAt) {
        String definition = text(mapping);
        return new NamedMapping(name, mapping, setBy, setAt, definition, sha256(definition));
    }

    private static byte[] sha256(String definition) {
        return Sha256.digest().digest(definition.getBytes(StandardCharsets.UTF_8));
    }

    private String text(Mapping mapping) {
        try {
            return json.writeValueAsString(mapping);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A mapping is always writable", e);
        }
    }
}

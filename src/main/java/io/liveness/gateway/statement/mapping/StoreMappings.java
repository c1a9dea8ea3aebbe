package io.liveness.gateway.statement.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.audit.AuditedAct;
import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Mappings as they are stored, and the one that is configured under the name {@link #DEFAULT}. */
@Singleton
public class StoreMappings {

    /** The name of the mapping that is configured. */
    public static final String DEFAULT = "default";

    private static final String ALL =
            "select name, definition::text, set_by, set_at from statement_mapping order by name";
    private static final String ONE =
            "select name, definition::text, set_by, set_at from statement_mapping where name = $1";
    private static final String SET = """
            with saved as (
                insert into statement_mapping (name, definition, set_by, set_at) values ($1, $2::text::jsonb, $3, liveness_now())
                on conflict (name) do update set definition = excluded.definition, set_by = excluded.set_by, set_at = excluded.set_at
                returning name, definition, set_by, set_at
            ), act as (
                select $4::uuid as id, set_by as who, '%s' as what, name as subject, jsonb_build_object('sha256', $5::text) as detail
                from saved
            ), entry as (
                %s
            )
            select name, definition::text, set_by, set_at from saved
            """.formatted(AuditedAct.STATEMENT_MAPPING_SET.code(), Audit.entriesFrom("act"));
    private static final String REMOVE =
            """
            with removed as (
                delete from statement_mapping where name = $1 returning name
            ), act as (
                select $2::uuid as id, $3::text as who, '%s' as what, name as subject, '{}'::jsonb as detail from removed
            )
            %s""".formatted(AuditedAct.STATEMENT_MAPPING_REMOVED.code(), Audit.entriesFrom("act"));

    private final Database database;
    private final ObjectMapper json;
    private final DefaultMapping configured;

    StoreMappings(Database database, ObjectMapper json, DefaultMapping configured) {
        this.database = database;
        this.json = json;
        this.configured = configured;
    }

    /** The mapping as an import uses it; empty when none has that name. */
    public Uni<Optional<NamedMapping>> forImport(String name) {
        return byName(name).map(found -> found.map(view -> named(name, view.mapping())));
    }

    /** The default one first, then by name. */
    Uni<List<MappingView>> all() {
        return database.read(ALL, Tuple.tuple()).map(rows -> {
            List<MappingView> all = new ArrayList<>();
            all.add(MappingView.configured(configured.mapping()));
            rows.forEach(row -> all.add(view(row)));
            return all;
        });
    }

    Uni<Optional<MappingView>> byName(String name) {
        if (name.equals(DEFAULT)) {
            return Uni.createFrom().item(Optional.of(MappingView.configured(configured.mapping())));
        }
        return database.read(ONE, Tuple.of(name))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(view(rows.iterator().next())));
    }

    /**
     * Saves a mapping and records it on the audit list.
     *
     * @param by the actor
     */
    Uni<MappingView> set(String name, Mapping mapping, String by) {
        String definition = text(mapping);
        String hash = HexFormat.of().formatHex(sha256(definition));
        return database.execute(SET, Tuple.of(name, definition, by, Audit.newId(), hash))
                .map(rows -> view(rows.iterator().next()));
    }

    /**
     * Removes a mapping and records it on the audit list.
     *
     * @param by the actor
     * @return whether it existed
     */
    Uni<Boolean> remove(String name, String by) {
        return database.execute(REMOVE, Tuple.of(name, Audit.newId(), by)).map(rows -> rows.rowCount() > 0);
    }

    private MappingView view(Row row) {
        try {
            return new MappingView(
                    row.getString(0),
                    json.readValue(row.getString(1), Mapping.class),
                    row.getString(2),
                    row.getOffsetDateTime(3).toInstant());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored mapping is always readable", e);
        }
    }

    private NamedMapping named(String name, Mapping mapping) {
        String definition = text(mapping.checked());
        return new NamedMapping(name, mapping, definition, sha256(definition));
    }

    private static byte[] sha256(String definition) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(definition.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private String text(Mapping mapping) {
        try {
            return json.writeValueAsString(mapping);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A mapping is always writable", e);
        }
    }
}

package io.liveness.gateway.statement.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
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
            insert into statement_mapping (name, definition, set_by, set_at) values ($1, $2::text::jsonb, $3, liveness_now())
            on conflict (name) do update set definition = excluded.definition, set_by = excluded.set_by, set_at = excluded.set_at
            returning name, definition::text, set_by, set_at
            """;
    private static final String REMOVE = "delete from statement_mapping where name = $1";

    private final Database database;
    private final ObjectMapper json;
    private final DefaultMapping configured;

    StoreMappings(Database database, ObjectMapper json, DefaultMapping configured) {
        this.database = database;
        this.json = json;
        this.configured = configured;
    }

    /** As an import goes by it; empty when there is none of that name. */
    public Uni<Optional<NamedMapping>> forImport(String name) {
        return byName(name).map(found -> found.map(view -> named(name, view.mapping())));
    }

    /** The default one first, then by name. */
    Uni<List<MappingView>> all() {
        return database.execute(ALL, Tuple.tuple()).map(rows -> {
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
        return database.execute(ONE, Tuple.of(name))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(view(rows.iterator().next())));
    }

    Uni<MappingView> set(String name, Mapping mapping, String by) {
        return database.execute(SET, Tuple.of(name, text(mapping), by))
                .map(rows -> view(rows.iterator().next()));
    }

    /** @return whether there was one */
    Uni<Boolean> remove(String name) {
        return database.execute(REMOVE, Tuple.of(name)).map(rows -> rows.rowCount() > 0);
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
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(definition.getBytes(StandardCharsets.UTF_8));
            return new NamedMapping(name, mapping, definition, hash);
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

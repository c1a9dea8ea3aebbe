package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.metamodel.MappingMetamodel;
import org.hibernate.metamodel.mapping.ModelPart;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EntitiesTest {

    /** PostgreSQL's types of the fields; an enum is a text. */
    private static final Map<Class<?>, String> TYPES = Map.of(
            UUID.class, "uuid",
            String.class, "text",
            String[].class, "_text",
            Integer.class, "int4",
            Long.class, "int8",
            Boolean.class, "bool",
            Instant.class, "timestamptz",
            Map.class, "jsonb",
            byte[].class, "bytea");

    @Inject
    Mutiny.SessionFactory sessions;

    @Inject
    Stored stored;

    @Test
    void every_entity_fits_the_schema_that_Flyway_makes() {
        List<String> checked = new ArrayList<>();
        List<String> unfit = new ArrayList<>();
        ((MappingMetamodel) sessions.getMetamodel()).forEachEntityDescriptor(entity -> {
            columns(entity.getIdentifierMapping(), entity, checked, unfit);
            entity.forEachAttributeMapping(field -> columns(field, entity, checked, unfit));
        });

        assertThat(checked).contains("webhook_endpoint.failing_since: timestamptz");
        assertThat(unfit).isEmpty();
    }

    private void columns(ModelPart field, EntityPersister entity, List<String> checked, List<String> unfit) {
        field.forEachSelectable((nth, column) -> {
            if (!column.isFormula()) {
                String wanted = entity.getTableName() + "." + column.getSelectionExpression() + ": " + type(column);
                checked.add(wanted);
                List<String> found = stored.strings(
                        "select table_name || '.' || column_name || ': ' || udt_name || case is_nullable when 'YES' then '' else '!' end"
                                + " from information_schema.columns where table_schema = current_schema()"
                                + " and table_name = ? and column_name = ?",
                        entity.getTableName(),
                        column.getSelectionExpression());
                // A field that has no null needs a column that has none.
                boolean fits = found.contains(wanted + "!") || !isPrimitive(entity, field) && found.contains(wanted);
                if (!fits) {
                    unfit.add(wanted + ", but the schema has " + found);
                }
            }
        });
    }

    private static String type(SelectableMapping column) {
        Class<?> type = column.getJdbcMapping().getJavaTypeDescriptor().getJavaTypeClass();
        return type.isEnum() ? "text" : TYPES.getOrDefault(type, "unknown " + type);
    }

    private static boolean isPrimitive(EntityPersister entity, ModelPart field) {
        try {
            return entity.getMappedClass()
                    .getDeclaredField(field.getPartName())
                    .getType()
                    .isPrimitive();
        } catch (NoSuchFieldException identifier) {
            return true;
        }
    }
}

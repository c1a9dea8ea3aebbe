package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.configuration.KnownProperties;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The service knows the properties and variables that the documents name. */
class DocumentedPropertiesTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z][a-z0-9.-]+)`<br>`([A-Z0-9_]+)` \\|");
    private static final Pattern EXPORT = Pattern.compile("(?m)^export ([A-Z0-9_]+)=");

    @Test
    void the_service_knows_each_property_of_the_tables_by_name_and_variable() {
        String document = Document.read(Path.of("docs", "configuration.md")).text();
        List<String> names =
                ROW.matcher(document).results().map(row -> row.group(1)).toList();
        List<String> variables =
                ROW.matcher(document).results().map(row -> row.group(2)).toList();

        assertThat(names).hasSizeGreaterThan(80).doesNotHaveDuplicates();
        assertThat(KnownProperties.OF_THE_SERVICE.names()).containsAll(names);
        assertThat(KnownProperties.OF_THE_SERVICE.variables()).containsAll(variables);
    }

    @Test
    void the_service_knows_each_variable_of_the_environment_for_production() {
        String document = Document.read(Path.of("docs", "deployment.md")).text();
        List<String> variables = EXPORT.matcher(document)
                .results()
                .map(export -> export.group(1))
                .toList();

        assertThat(variables).hasSizeGreaterThan(10);
        assertThat(KnownProperties.OF_THE_SERVICE.variables()).containsAll(variables);
    }
}

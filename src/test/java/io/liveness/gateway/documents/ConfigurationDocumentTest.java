package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of properties comes from the config mappings; those of Quarkus' properties agree with application.properties. */
class ConfigurationDocumentTest {

    private static final Path DOCUMENT = Path.of("docs", "configuration.md");
    private static final Path SETTINGS = Path.of("src", "main", "resources", "application.properties");
    private static final String BEGIN = "<!-- begin generated: see ConfigurationDocumentTest -->\n";
    private static final String END = "<!-- end generated -->\n";
    private static final Pattern QUARKUS_ROW = Pattern.compile("(?m)^\\| `(quarkus\\.[^`]+)`[^|]*\\| `([^`]+)` +\\|");

    @ParameterizedTest(name = "{0}")
    @CsvSource({"docs/configuration.md, false", "docs/sandbox.md, true"})
    void the_table_has_not_drifted_from_the_config_mappings(Path document, boolean ofSandbox) throws IOException {
        List<ConfigMappingSource> mappings = ConfigMappingSource.all().stream()
                .filter(mapping -> mapping.prefix().startsWith("sandbox") == ofSandbox)
                .toList();
        String written = Files.readString(document);
        String generated = written.substring(0, written.indexOf(BEGIN))
                + BEGIN
                + table(mappings)
                + written.substring(written.indexOf(END));
        if (System.getProperty("configuration.update") != null) {
            Files.writeString(document, generated);
        }

        assertThat(Files.readString(document))
                .as(
                        "%s differs from the config mappings; correct it with: mvn test -Dtest=ConfigurationDocumentTest"
                                + " -Dconfiguration.update",
                        document)
                .isEqualTo(generated);
    }

    @Test
    void every_property_has_a_meaning() throws IOException {
        assertThat(ConfigMappingSource.all())
                .hasSizeGreaterThan(20)
                .flatExtracting(ConfigMappingSource::properties)
                .allSatisfy(property ->
                        assertThat(property.meaning()).as(property.name()).isNotBlank());
    }

    @Test
    void defaults_of_Quarkus_properties_are_those_of_the_service() throws IOException {
        Properties settings = new Properties();
        settings.load(Files.newBufferedReader(SETTINGS));
        Map<String, String> documented = QUARKUS_ROW
                .matcher(Files.readString(DOCUMENT))
                .results()
                .filter(row -> settings.containsKey(row.group(1)))
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2), (one, two) -> one, TreeMap::new));

        assertThat(documented)
                .hasSizeGreaterThan(8)
                .allSatisfy((name, value) -> assertThat(value)
                        .as(name)
                        .isEqualTo(settings.getProperty(name).replaceAll("\\$\\{(.*)}", "$1")));
    }

    private static String table(List<ConfigMappingSource> mappings) {
        return "\n| property and variable | default (range) | meaning |\n| --- | --- | --- |\n"
                + mappings.stream()
                        .flatMap(mapping -> mapping.properties().stream())
                        .map(ConfigProperty::row)
                        .collect(Collectors.joining())
                + "\n";
    }
}

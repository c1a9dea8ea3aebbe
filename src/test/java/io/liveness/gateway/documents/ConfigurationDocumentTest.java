package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.configuration.KnownProperties;
import io.liveness.gateway.testsupport.configuration.Mappings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of properties have each property with its variable and its default. */
class ConfigurationDocumentTest {

    private static final Path OF_THE_SERVICE = Path.of("docs", "configuration.md");
    private static final Path OF_THE_SANDBOX = Path.of("docs", "sandbox.md");
    private static final Path SETTINGS = Path.of("src", "main", "resources", "application.properties");
    private static final Pattern ROW = Pattern.compile(
            "(?m)^\\| `([^`]+)`<br>`([A-Z0-9_]+)` \\| (?:none|\\*\\*required\\*\\*|`([^`]+)`)[^|]*\\| \\S.* \\|$");
    /** Of a list or a map. */
    private static final Pattern ELEMENT = Pattern.compile("[\\[*]");

    private static final Pattern QUARKUS_ROW = Pattern.compile("(?m)^\\| `(quarkus\\.[^`]+)`[^|]*\\| `([^`]+)` +\\|");

    @Test
    void each_property_of_the_service_is_there_with_its_default() throws IOException {
        assertThat(documented(OF_THE_SERVICE)).isEqualTo(declared(Mappings.OF_THE_SERVICE));
    }

    @Test
    void each_property_of_the_sandbox_is_there_with_its_default() throws IOException {
        assertThat(documented(OF_THE_SANDBOX)).isEqualTo(declared(Mappings.OF_THE_SANDBOX));
    }

    @Test
    void defaults_of_Quarkus_properties_are_those_of_the_service() throws IOException {
        Properties settings = new Properties();
        settings.load(Files.newBufferedReader(SETTINGS));
        Map<String, String> documented = QUARKUS_ROW
                .matcher(Files.readString(OF_THE_SERVICE))
                .results()
                .filter(row -> settings.containsKey(row.group(1)))
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2), (one, two) -> one, TreeMap::new));

        assertThat(documented)
                .hasSizeGreaterThan(8)
                .allSatisfy((name, value) -> assertThat(value)
                        .as(name)
                        .isEqualTo(settings.getProperty(name).replaceAll("\\$\\{(.*)}", "$1")));
    }

    /** What the table has as the default; nothing where it has none. */
    private static Map<String, String> documented(Path document) throws IOException {
        return ROW.matcher(Files.readString(document))
                .results()
                .filter(row -> !row.group(1).startsWith("quarkus."))
                .filter(row -> KnownProperties.variable(row.group(1)).equals(row.group(2)))
                .collect(Collectors.toMap(
                        row -> row.group(1),
                        row -> Objects.requireNonNullElse(row.group(3), ""),
                        (one, two) -> one,
                        TreeMap::new));
    }

    private static Map<String, String> declared(Mappings mappings) {
        Map<String, String> declared = new TreeMap<>();
        mappings.properties().forEach((name, property) -> {
            if (!ELEMENT.matcher(name).find()) {
                declared.put(name, property.hasDefaultValue() ? property.getDefaultValue() : "");
            }
        });
        return declared;
    }
}

package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of properties say what the interfaces say that hold them. */
class PropertiesTest {

    private static final Pattern TABLE = Pattern.compile(
            "(?<=\\| property and variable \\| default \\(range\\) \\| meaning \\|\n\\| --- \\| --- \\| --- \\|\n)(\\|.*\n)*");

    @ParameterizedTest
    @CsvSource({"docs/configuration.md, (jumdata|liveness)\\..*", "docs/sandbox.md, sandbox\\..*"})
    void a_page_has_the_properties_as_their_javadoc_describes_them(Path page, String names) throws IOException {
        String rows = Property.all().stream()
                .filter(property -> property.name().matches(names))
                .map(Property::row)
                .collect(Collectors.joining());
        String written = Files.readString(page);
        String due = TABLE.matcher(written).replaceFirst(Matcher.quoteReplacement(rows));
        if (Boolean.getBoolean("write.docs")) {
            Files.writeString(page, due);
            return;
        }

        assertThat(written)
                .as("%s; mvn test -Dtest=PropertiesTest -Dwrite.docs writes it", page)
                .isEqualTo(due);
    }
}

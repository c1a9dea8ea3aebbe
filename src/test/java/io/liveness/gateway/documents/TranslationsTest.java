package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Chinese documents keep in step with the English ones: headings, commands, tables, names and links. */
class TranslationsTest {

    private static final String CHINESE = ".zh-CN.md";
    private static final Pattern TABLE_ROW = Pattern.compile("(?m)^\\|.*\\|$");
    private static final Pattern BULLET = Pattern.compile("(?m)^- ");

    /** Labels of pictures are translated. */
    private static final String PICTURE = "mermaid";

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"README", "docs/finance", "docs/operations"})
    void the_translation_has_the_same_parts(String name) {
        Document english = Document.read(Path.of(name + ".md"));
        Document chinese = Document.read(Path.of(name + CHINESE));

        assertThat(levels(chinese)).as("levels of headings").isEqualTo(levels(english));
        assertThat(commands(chinese)).as("code blocks").isEqualTo(commands(english));
        assertThat(count(TABLE_ROW, chinese)).as("rows of tables").isEqualTo(count(TABLE_ROW, english));
        assertThat(count(BULLET, chinese)).as("items of lists").isEqualTo(count(BULLET, english));
        assertThat(new TreeSet<>(chinese.words())).as("inline code").isEqualTo(new TreeSet<>(english.words()));
        assertThat(files(chinese)).as("files that are linked").isEqualTo(files(english));
    }

    private static List<Integer> levels(Document document) {
        return document.headings().stream().map(Document.Title::level).toList();
    }

    private static List<Document.Block> commands(Document document) {
        return document.blocks().stream()
                .map(block -> block.language().equals(PICTURE) ? new Document.Block(PICTURE, "") : block)
                .toList();
    }

    private static long count(Pattern pattern, Document document) {
        return pattern.matcher(document.text()).results().count();
    }

    private static Set<String> files(Document document) {
        return document.links().stream()
                .map(link -> link.replaceFirst("#.*", "").replace(CHINESE, ".md"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

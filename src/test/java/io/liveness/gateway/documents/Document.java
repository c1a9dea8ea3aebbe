package io.liveness.gateway.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * A Markdown file of the repository.
 *
 * @param text as written
 * @param headings their anchors as GitHub names them, without the number among equal ones
 * @param links destinations of links and images
 * @param blocks code blocks, fenced or indented
 * @param words inline code
 */
record Document(
        Path file, String text, List<String> headings, List<String> links, List<Block> blocks, List<String> words) {

    private static final Parser PARSER = Parser.builder().build();

    /** @param language empty for an indented block, or a fence without one */
    record Block(String language, String text) {}

    static Document read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Collector parts = new Collector();
        PARSER.parse(text).accept(parts);
        return new Document(file, text, parts.headings, parts.links, parts.blocks, parts.words);
    }

    /** All Markdown files that belong to the repository. */
    static List<Document> all() throws IOException {
        try (Stream<Path> tree = Stream.concat(
                Files.list(Path.of("")),
                Stream.of(".github", "bench", "docs", "k8s", "src")
                        .map(Path::of)
                        .flatMap(Document::walk))) {
            return tree.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .map(Document::read)
                    .toList();
        }
    }

    /** Anchors of the headings; equal ones are numbered from the second on. */
    Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        for (String heading : headings) {
            String anchor = heading;
            for (int number = 1; !anchors.add(anchor); number++) {
                anchor = heading + "-" + number;
            }
        }
        return anchors;
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Collector extends AbstractVisitor {

        private final List<String> headings = new ArrayList<>();
        private final List<String> links = new ArrayList<>();
        private final List<Block> blocks = new ArrayList<>();
        private final List<String> words = new ArrayList<>();

        @Override
        public void visit(Heading heading) {
            headings.add(plain(heading)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{M}\\p{N}_ -]", "")
                    .replace(' ', '-'));
            visitChildren(heading);
        }

        @Override
        public void visit(Link link) {
            links.add(link.getDestination());
            visitChildren(link);
        }

        @Override
        public void visit(Image image) {
            links.add(image.getDestination());
        }

        @Override
        public void visit(FencedCodeBlock block) {
            blocks.add(new Block(block.getInfo(), block.getLiteral()));
        }

        @Override
        public void visit(IndentedCodeBlock block) {
            blocks.add(new Block("", block.getLiteral()));
        }

        @Override
        public void visit(Code code) {
            words.add(code.getLiteral());
        }

        private static String plain(Node parent) {
            StringBuilder text = new StringBuilder();
            parent.accept(new AbstractVisitor() {
                @Override
                public void visit(Text part) {
                    text.append(part.getLiteral());
                }

                @Override
                public void visit(Code part) {
                    text.append(part.getLiteral());
                }

                @Override
                public void visit(SoftLineBreak part) {
                    text.append(' ');
                }
            });
            return text.toString();
        }
    }
}

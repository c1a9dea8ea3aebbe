package io.liveness.gateway.documents;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A {@code @ConfigMapping} interface as its source file has it: the Javadoc is not in the class file. */
record ConfigMappingSource(String prefix, String name, List<ConfigProperty> properties) {

    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern CAMEL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
    /** Least values that nobody would go below. */
    private static final Set<String> SELF_EVIDENT = Set.of("0s", "1ms", "1s", "1");

    private static final Map<String, String> UNITS =
            Map.of("nanos", "ns", "millis", "ms", "seconds", "s", "minutes", "m", "hours", "h", "days", "d");

    /** All mappings below {@code src/main/java}, by prefix and name. */
    static List<ConfigMappingSource> all() throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(SOURCES)) {
            files = tree.filter(file -> file.toString().endsWith(".java"))
                    .filter(ConfigMappingSource::mentionsMapping)
                    .toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            List<ConfigMappingSource> mappings = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                new Reader(DocTrees.instance(task), unit).read().forEach(mappings::add);
            }
            return mappings.stream()
                    .sorted(Comparator.comparing(ConfigMappingSource::prefix).thenComparing(ConfigMappingSource::name))
                    .toList();
        }
    }

    private static boolean mentionsMapping(Path file) {
        try {
            return Files.readString(file).contains("@ConfigMapping(");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Reader(DocTrees trees, CompilationUnitTree unit) {

        /** The file's type and those directly in it. */
        Stream<ConfigMappingSource> read() {
            ClassTree type = (ClassTree) unit.getTypeDecls().get(0);
            TreePath path = new TreePath(new TreePath(unit), type);
            return Stream.concat(Stream.of(path), nested(path)).flatMap(one -> read(one).stream());
        }

        private static Stream<TreePath> nested(TreePath path) {
            return ((ClassTree) path.getLeaf())
                    .getMembers().stream()
                            .filter(ClassTree.class::isInstance)
                            .map(nested -> new TreePath(path, nested));
        }

        private Optional<ConfigMappingSource> read(TreePath path) {
            ClassTree type = (ClassTree) path.getLeaf();
            return annotation(type.getModifiers(), "ConfigMapping")
                    .map(mapping -> mapping.get("prefix"))
                    .map(prefix -> new ConfigMappingSource(
                            prefix, type.getSimpleName().toString(), properties(prefix, type, path)));
        }

        private List<ConfigProperty> properties(String prefix, ClassTree type, TreePath path) {
            return type.getMembers().stream()
                    .filter(MethodTree.class::isInstance)
                    .map(MethodTree.class::cast)
                    .filter(method -> method.getBody() == null)
                    .flatMap(method -> properties(prefix, type, path, method))
                    .toList();
        }

        private Stream<ConfigProperty> properties(String prefix, ClassTree type, TreePath path, MethodTree method) {
            String name = prefix + "."
                    + annotation(method.getModifiers(), "WithName")
                            .map(given -> given.get("value"))
                            .orElseGet(() -> kebab(method.getName().toString()));
            String returned = String.valueOf(method.getReturnType());
            Optional<ClassTree> group = type.getMembers().stream()
                    .filter(ClassTree.class::isInstance)
                    .map(ClassTree.class::cast)
                    .filter(nested -> returned.matches("(Optional<)?" + nested.getSimpleName() + ">?"))
                    .findFirst();
            if (group.isPresent()) {
                return properties(name, group.get(), new TreePath(path, group.get())).stream();
            }
            return Stream.of(new ConfigProperty(
                    name,
                    !returned.startsWith("Optional"),
                    annotation(method.getModifiers(), "WithDefault").map(given -> given.get("value")),
                    meaning(new TreePath(path, method)),
                    range(method.getModifiers())));
        }

        private String meaning(TreePath path) {
            String javadoc = trees.getDocComment(path);
            return javadoc == null ? "" : JavadocText.toMarkdown(javadoc);
        }

        private static String range(ModifiersTree modifiers) {
            Optional<String> least = annotation(modifiers, "Min")
                    .map(min -> min.get("value"))
                    .or(() -> annotation(modifiers, "DurationMin").map(Reader::duration));
            Optional<String> most = annotation(modifiers, "Max")
                    .map(max -> max.get("value"))
                    .or(() -> annotation(modifiers, "DurationMax").map(Reader::duration));
            boolean above = annotation(modifiers, "DurationMin")
                    .map(min -> "false".equals(min.get("inclusive")))
                    .orElse(false);
            if (least.isPresent() && most.isPresent()) {
                return (above ? "more than " + least.get() + ", up" : least.get()) + " to " + most.get();
            }
            return least.filter(value -> !SELF_EVIDENT.contains(value))
                    .map(value -> (above ? "more than " : "from ") + value)
                    .or(() -> most.map(value -> "up to " + value))
                    .orElse("");
        }

        private static String duration(Map<String, String> values) {
            String length = values.entrySet().stream()
                    .filter(value -> UNITS.containsKey(value.getKey())
                            && !value.getValue().equals("0"))
                    .map(value -> value.getValue() + UNITS.get(value.getKey()))
                    .collect(Collectors.joining());
            return length.isEmpty() ? "0s" : length;
        }

        private static Optional<Map<String, String>> annotation(ModifiersTree modifiers, String name) {
            return modifiers.getAnnotations().stream()
                    .filter(annotation ->
                            annotation.getAnnotationType().toString().equals(name))
                    .findFirst()
                    .map(Reader::values);
        }

        private static Map<String, String> values(AnnotationTree annotation) {
            Map<String, String> values = new TreeMap<>();
            for (ExpressionTree argument : annotation.getArguments()) {
                if (argument instanceof AssignmentTree assignment) {
                    values.put(assignment.getVariable().toString(), value(assignment.getExpression()));
                } else {
                    values.put("value", value(argument));
                }
            }
            return values;
        }

        /** Constants by their names: only messages and patterns have them. */
        private static String value(Tree expression) {
            if (expression instanceof LiteralTree literal) {
                return String.valueOf(literal.getValue());
            }
            if (expression instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
                return value(sum.getLeftOperand()) + value(sum.getRightOperand());
            }
            return expression.toString();
        }

        private static String kebab(String method) {
            return CAMEL.matcher(method).replaceAll("-").toLowerCase(Locale.ROOT);
        }
    }

    /** Javadoc of config mappings as Markdown, for a document below {@code docs}. */
    private static final class JavadocText {

        private static final Pattern CODE = Pattern.compile("\\{@(?:code|link) ([^}]*)\\}");
        private static final Pattern SEE = Pattern.compile("@see <a href=\"docs/([^\"]+)\">([^<]+)</a>");

        private JavadocText() {}

        /** One line: the text, then the links of {@code @see} in brackets. */
        static String toMarkdown(String javadoc) {
            int tags = javadoc.indexOf("@see");
            String text = tags < 0 ? javadoc : javadoc.substring(0, tags);
            List<String> links = SEE.matcher(javadoc)
                    .results()
                    .map(link -> "[" + link.group(2) + "](" + link.group(1) + ")")
                    .toList();
            String sentences = CODE.matcher(text.strip().replaceAll("\\s+", " "))
                    .replaceAll("`$1`")
                    .replace("|", "\\|");
            return links.isEmpty()
                    ? sentences
                    : sentences + links.stream().collect(Collectors.joining(", ", " (", ")"));
        }
    }
}

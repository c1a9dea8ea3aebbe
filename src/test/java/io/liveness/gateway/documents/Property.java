package io.liveness.gateway.documents;

import com.sun.source.doctree.AttributeTree;
import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** A property of the service: name and default as SmallRye Config reads them, the range of its constraints, the meaning of its Javadoc. */
record Property(String name, String byDefault, String range, String meaning) {

    private static final Path SOURCES = Path.of("src", "main", "java");

    /** The properties are sorted by prefix; those with one prefix stay in the order of the sources. */
    static List<Property> all() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> tree = Files.walk(SOURCES);
                StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> mappings = tree.filter(Property::hasMapping).sorted().toList();
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(mappings));
            Comments comments = new Comments(DocTrees.instance(task));
            comments.scan(task.parse(), null);
            return comments.mappings.stream()
                    .sorted(Comparator.comparing(mapping ->
                            mapping.getAnnotation(ConfigMapping.class).prefix()))
                    .flatMap(mapping -> of(mapping, comments.ofMethods))
                    .toList();
        }
    }

    String row() {
        // The key of a map is a name that people give.
        return "| `%s`<br>`%s` | %s%s | %s |\n"
                .formatted(
                        name.replace("*", "<name>"),
                        name.replaceAll("[^\\w*]", "_").toUpperCase(Locale.ROOT).replace("*", "<NAME>"),
                        byDefault,
                        range,
                        meaning);
    }

    private static boolean hasMapping(Path source) {
        return source.toString().endsWith(".java")
                && Document.read(source).text().contains("@" + ConfigMapping.class.getSimpleName() + "(");
    }

    private static Stream<Property> of(Class<?> mapping, Map<String, DocCommentTree> comments) {
        List<String> inOrder = List.copyOf(comments.keySet());
        return ConfigMappings.getProperties(ConfigClass.configClass(mapping)).entrySet().stream()
                .filter(property -> !property.getKey().endsWith("[*]")) // the entries of a list
                .sorted(Comparator.comparing(
                        property -> inOrder.indexOf(key(property.getValue().getMethod()))))
                .map(property -> of(property.getKey(), property.getValue(), comments));
    }

    private static Property of(
            String name, ConfigMappingInterface.Property property, Map<String, DocCommentTree> comments) {
        Method method = property.getMethod();
        boolean isOptional = method.getReturnType().getSimpleName().startsWith("Optional");
        String without = isOptional ? "none" : "**required**";
        return new Property(
                name,
                property.hasDefaultValue() ? "`" + property.getDefaultValue() + "`" : without,
                range(method),
                markdown(comments.get(key(method))));
    }

    private static String key(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName();
    }

    private static String range(Method method) {
        String range = Arrays.stream(method.getAnnotations())
                .map(Property::bound)
                .filter(bound -> !bound.isEmpty())
                .sorted() // "above" and "from" before "to"
                .collect(Collectors.joining(" "))
                .replaceFirst("from (.* to )", "$1");
        return range.isEmpty() ? "" : " (" + range + ")";
    }

    private static String bound(Annotation constraint) {
        if (constraint instanceof Min min) {
            return "from " + min.value();
        }
        if (constraint instanceof Max max) {
            return "to " + max.value();
        }
        if (constraint instanceof DecimalMin min) {
            return "from " + min.value();
        }
        if (constraint instanceof DecimalMax max) {
            return "to " + max.value();
        }
        if (constraint instanceof DurationMin min) {
            return (min.inclusive() ? "from " : "above ")
                    + duration(min.days(), min.hours(), min.minutes(), min.seconds(), min.millis());
        }
        if (constraint instanceof DurationMax max) {
            return "to " + duration(max.days(), max.hours(), max.minutes(), max.seconds(), max.millis());
        }
        return "";
    }

    private static String duration(long days, long hours, long minutes, long seconds, long millis) {
        if (millis > 0) {
            return millis + "ms";
        }
        Duration whole =
                Duration.ofDays(days).plusHours(hours).plusMinutes(minutes).plusSeconds(seconds);
        return whole.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }

    /** Fails for what is neither text, {@code code} nor a link below {@code docs}, so that nothing is lost. */
    private static String markdown(DocCommentTree comment) {
        if (!comment.getBlockTags().isEmpty()) {
            throw new IllegalArgumentException("a link stands where it belongs in the sentence: " + comment);
        }
        StringBuilder markdown = new StringBuilder();
        String link = "";
        for (DocTree part : comment.getFullBody()) {
            if (part instanceof StartElementTree start) {
                AttributeTree href = (AttributeTree) start.getAttributes().get(0);
                link = URI.create("docs/")
                        .relativize(URI.create(href.getValue().get(0).toString()))
                        .toString();
                markdown.append('[');
            } else if (part instanceof EndElementTree) {
                markdown.append("](").append(link).append(')');
            } else if (part instanceof LiteralTree code) {
                markdown.append('`').append(code.getBody().getBody()).append('`');
            } else {
                markdown.append(((TextTree) part).getBody());
            }
        }
        return markdown.toString().replaceAll("\\s+", " ");
    }

    /** The Javadoc of methods, by class and name, and the interfaces that hold properties. */
    private static final class Comments extends TreePathScanner<Void, Void> {

        private final DocTrees docs;
        private final Map<String, DocCommentTree> ofMethods = new LinkedHashMap<>();
        private final List<Class<?>> mappings = new ArrayList<>();
        private String type = "";

        Comments(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public Void visitClass(ClassTree node, Void none) {
            String outer = type;
            type = outer.isEmpty()
                    ? getCurrentPath().getCompilationUnit().getPackageName() + "." + node.getSimpleName()
                    : outer + "$" + node.getSimpleName();
            if (node.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals(ConfigMapping.class.getSimpleName()))) {
                mappings.add(load(type));
            }
            super.visitClass(node, none);
            type = outer;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree node, Void none) {
            ofMethods.put(type + "." + node.getName(), docs.getDocCommentTree(getCurrentPath()));
            return null;
        }

        private static Class<?> load(String name) {
            try {
                return Class.forName(name, false, Property.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

package io.liveness.gateway.testsupport.configuration;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The {@code @ConfigMapping}s of this project. */
public record Mappings(List<Class<?>> types) {

    private static final String ROOT = "io.liveness.gateway";
    private static final String SANDBOX = ROOT + ".sandbox";
    private static final List<Class<?>> ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(ROOT).stream()
                    .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                    .<Class<?>>map(JavaClass::reflect)
                    .toList();

    public static final Mappings OF_THE_SANDBOX =
            new Mappings(ALL.stream().filter(Mappings::isOfTheSandbox).toList());
    public static final Mappings OF_THE_SERVICE =
            new Mappings(ALL.stream().filter(type -> !isOfTheSandbox(type)).toList());

    private static boolean isOfTheSandbox(Class<?> type) {
        return (type.getPackageName() + ".").startsWith(SANDBOX + ".");
    }

    /** By their names. */
    public Map<String, Property> properties() {
        Map<String, Property> properties = new TreeMap<>();
        types.forEach(type -> properties.putAll(ConfigMappings.getProperties(ConfigClass.configClass(type))));
        return properties;
    }

    Stream<String> names() {
        return properties().keySet().stream();
    }

    /** What is missing of them, or is no value of its type, in a process with these variables. */
    public Stream<String> problems(Map<String, String> environment) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withSources(new EnvConfigSource(environment, 300))
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withValidateUnknown(false);
        types.forEach(builder::withMapping);
        try {
            builder.build();
            return Stream.of();
        } catch (ConfigValidationException e) {
            return IntStream.range(0, e.getProblemCount())
                    .mapToObj(n -> e.getProblem(n).getMessage());
        }
    }
}

package io.liveness.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.liveness.gateway.platform.Pause;
import io.smallrye.mutiny.groups.UniOnItem;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Allowed imports between packages, and rules that readers of the code rely on. */
@AnalyzeClasses(packages = "io.liveness.gateway", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.liveness.gateway.";

    /** The table of the design: each room and what of ours it may import. */
    private static final Map<String, List<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("platform", List.of()),
            Map.entry("vendor", List.of("platform")),
            Map.entry("books", List.of("vendor", "platform")),
            Map.entry("check", List.of("vendor", "books", "notify", "platform")),
            Map.entry("notify", List.of("check", "platform")),
            Map.entry("bill", List.of("books", "platform")),
            Map.entry("finance", List.of("check", "books", "platform")),
            Map.entry("privacy", List.of("check", "vendor", "notify", "platform")),
            Map.entry("operate", List.of("check", "vendor", "platform")),
            Map.entry("console", List.of("platform")),
            Map.entry("sandbox", List.of("platform")));

    private static final List<Class<? extends Annotation>> NOT_THE_BODY = List.of(
            PathParam.class, QueryParam.class, HeaderParam.class, BeanParam.class, CookieParam.class, Context.class);

    /** A comment of several lines is looked at where it begins, beside code or after a line that is none of it. */
    private static final Pattern LEANING = Pattern.compile(
            "(?m)(?:/\\*+\\s+(?:\\*\\h+)?|(?:\\A|^(?!\\h*(?://|--)).*?(?:\\R\\h*)?)(?://|--)\\h*)((?:Of|The same|As|And|But|Or|So|Also|"
                    + "Then|Else|Otherwise|Likewise|Which|It|Its|They|Their|Those)\\b.*)");

    private static final Pattern SOURCES = Pattern.compile("(?!.*/(?:target|node_modules|lib)/).*\\.(?:java|sql|js)");

    @ArchTest
    static void packages_import_only_what_the_table_allows(com.tngtech.archunit.core.domain.JavaClasses all) {
        MAY_IMPORT.forEach((name, allowed) -> classes()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .onlyDependOnClassesThat(outsideOrIn(name, allowed))
                .because("the design's table of packages lets " + name + " import " + allowed + " only")
                .allowEmptyShould(true)
                .check(all));
    }

    @ArchTest
    static final ArchRule every_class_has_a_package_of_the_table = classes()
            .should()
            .resideInAnyPackage(
                    MAY_IMPORT.keySet().stream().map(name -> ROOT + name + "..").toArray(String[]::new))
            .because("a newcomer finds a thing by the word in that table");

    /** One cycle is allowed: notify knows a session's states, and an open and a settle write what is told. */
    @ArchTest
    static final ArchRule no_cycles = slices().matching(ROOT + "(*)..")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(resideInAPackage(ROOT + "notify.."), resideInAPackage(ROOT + "check"));

    @ArchTest
    static final ArchRule no_cycles_of_sub_packages =
            slices().matching(ROOT + "(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule one_source_of_time = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "sandbox..")
            .and()
            .doNotHaveSimpleName("Clocks")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("tests set the time");

    @ArchTest
    static final ArchRule constructor_injection =
            fields().should().notBeAnnotatedWith(Inject.class).because("what a class needs stands in its constructor");

    @ArchTest
    static final ArchRule pauses = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(Pause.class.getName())
            .should()
            .callMethod(UniOnItem.class, "delayIt")
            .because("a timer drops fractions of a millisecond and refuses less than one: Pause rounds up");

    @ArchTest
    static final ArchRule names_of_classes_are_no_data = noClasses()
            .should()
            .callMethod(Class.class, "getSimpleName")
            .orShould()
            .callMethod(Class.class, "getName")
            .orShould()
            .callMethod(Class.class, "getTypeName")
            .orShould()
            .callMethod(Class.class, "getCanonicalName")
            .because("renaming a class must not change the API, a metric or stored data: give it an explicit label");

    @ArchTest
    static final ArchRule logs_only = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule answers_say_their_type = methods()
            .that(areOperations())
            .and(DescribedPredicate.not(answerNothing()))
            .should()
            .beAnnotatedWith(Produces.class)
            .orShould()
            .beDeclaredInClassesThat()
            .areAnnotatedWith(Produces.class)
            .because(
                    "else a request is carried out, at a fee, before its Accept is found to be one that cannot be met");

    @ArchTest
    static final ArchRule bodies_say_their_type = methods()
            .that(areOperations())
            .and(takeABody())
            .should()
            .beAnnotatedWith(Consumes.class)
            .orShould()
            .beDeclaredInClassesThat()
            .areAnnotatedWith(Consumes.class)
            .because("else any Content-Type is read as if it were JSON, or fails as a fault of ours");

    /** What carries GET, POST or another method of HTTP, and is served by us: REST clients are interfaces. */
    private static DescribedPredicate<JavaMethod> areOperations() {
        return DescribedPredicate.describe(
                "are operations",
                method -> method.isMetaAnnotatedWith(HttpMethod.class)
                        && !method.getOwner().isInterface());
    }

    @Test
    void comments_stand_alone() throws IOException {
        List<String> leaning = new ArrayList<>();
        for (String folder : List.of("src", "bench", "examples")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(
                                file -> SOURCES.matcher(file.toString()).matches())
                        .toList()) {
                    LEANING.matcher(Files.readString(file))
                            .results()
                            .forEach(at -> leaning.add(file + ": " + at.group(1)));
                }
            }
        }
        assertThat(leaning)
                .as("a comment names its subject, and leans on nothing around it")
                .isEmpty();
    }

    private static DescribedPredicate<JavaMethod> answerNothing() {
        return DescribedPredicate.describe(
                "answer nothing",
                method -> method.getReturnType().getAllInvolvedRawTypes().stream()
                        .anyMatch(type -> type.isEquivalentTo(Void.class) || type.isEquivalentTo(void.class)));
    }

    /** A parameter that comes from nowhere else comes from the body. */
    private static DescribedPredicate<JavaMethod> takeABody() {
        return DescribedPredicate.describe(
                "take a body",
                method -> method.getParameters().stream()
                        .anyMatch(parameter -> NOT_THE_BODY.stream().noneMatch(parameter::isAnnotatedWith)));
    }

    private static DescribedPredicate<JavaClass> outsideOrIn(String name, List<String> allowed) {
        String[] packages = Stream.concat(Stream.of(name), allowed.stream())
                .map(one -> ROOT + one + "..")
                .toArray(String[]::new);
        return JavaClass.Predicates.resideOutsideOfPackage("io.liveness..")
                .or(JavaClass.Predicates.resideInAnyPackage(packages))
                .as("are not ours, or in " + Arrays.toString(packages));
    }
}

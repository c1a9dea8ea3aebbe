package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Operation;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The contract, which is written by hand, has what the resources have: operations, parameters and roles. Fields and their rules are seen by
 * ContractFuzzTest and by the validated answers of all tests.
 */
class ResourcesTest {

    private static final String HOME = "io.liveness.gateway";
    private static final Contract CONTRACT = Contract.checkedIn();
    private static final Map<String, Method> RESOURCES = resources();

    @Test
    void it_has_the_operations_of_the_resources() {
        assertThat(CONTRACT.operations())
                .extracting(Operation::toString)
                .containsExactlyInAnyOrderElementsOf(RESOURCES.keySet());
    }

    @TestFactory
    Stream<DynamicTest> it_has_the_parameters_of_the_resources() {
        return eachOperation((operation, method) -> {
            Set<String> documented = new TreeSet<>();
            for (String in : List.of("path", "query", "header")) {
                operation
                        .parameters(in)
                        .forEach(parameter ->
                                documented.add(in + " " + parameter.path("name").asText()));
            }
            assertThat(documented).as("%s", operation).isEqualTo(parameters(method));
        });
    }

    @TestFactory
    Stream<DynamicTest> it_has_the_roles_of_the_resources() {
        return eachOperation((operation, method) -> {
            RolesAllowed own = method.getAnnotation(RolesAllowed.class);
            RolesAllowed allowed = own != null || method.isAnnotationPresent(PermitAll.class)
                    ? own
                    : method.getDeclaringClass().getAnnotation(RolesAllowed.class);
            assertThat(operation.roles().map(Set::copyOf))
                    .as("%s", operation)
                    .isEqualTo(Optional.ofNullable(allowed)
                            .map(RolesAllowed::value)
                            .map(Set::of));
        });
    }

    private interface Check {
        void of(Operation operation, Method method);
    }

    private static Stream<DynamicTest> eachOperation(Check check) {
        return CONTRACT.operations().stream()
                .filter(operation -> RESOURCES.containsKey(operation.toString()))
                .map(operation -> dynamicTest(
                        operation.toString(), () -> check.of(operation, RESOURCES.get(operation.toString()))));
    }

    private static Map<String, Method> resources() {
        Map<String, Method> found = new TreeMap<>();
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(HOME).stream()
                        // An interface with a path is a client's.
                        .filter(type -> !type.isInterface() && type.isAnnotatedWith(Path.class))
                        .map(JavaClass::reflect)
                        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                        .forEach(method ->
                                verb(method).ifPresent(verb -> found.put(verb + " " + path(method), method)));
        return found;
    }

    private static Optional<String> verb(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(verb -> verb != null)
                .map(HttpMethod::value)
                .findFirst();
    }

    private static String path(Method method) {
        String path = method.getDeclaringClass().getAnnotation(Path.class).value();
        return method.isAnnotationPresent(Path.class)
                ? path + method.getAnnotation(Path.class).value()
                : path;
    }

    private static Set<String> parameters(Method method) {
        Set<String> names = new TreeSet<>();
        for (Parameter parameter : method.getParameters()) {
            if (parameter.isAnnotationPresent(BeanParam.class)) {
                for (Class<?> type = parameter.getType(); type != null; type = type.getSuperclass()) {
                    Arrays.stream(type.getDeclaredFields())
                            .forEach(field -> parameter(field).ifPresent(names::add));
                }
            } else {
                parameter(parameter).ifPresent(names::add);
            }
        }
        return names;
    }

    private static Optional<String> parameter(AnnotatedElement element) {
        if (element.isAnnotationPresent(PathParam.class)) {
            return Optional.of("path " + element.getAnnotation(PathParam.class).value());
        }
        if (element.isAnnotationPresent(QueryParam.class)) {
            return Optional.of(
                    "query " + element.getAnnotation(QueryParam.class).value());
        }
        return Optional.ofNullable(element.getAnnotation(HeaderParam.class)).map(header -> "header " + header.value());
    }
}

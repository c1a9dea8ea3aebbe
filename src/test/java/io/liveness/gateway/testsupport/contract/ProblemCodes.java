package io.liveness.gateway.testsupport.contract;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.liveness.gateway.platform.problem.ProblemCode;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** All codes of problems, found in the enums of all features. */
public final class ProblemCodes {

    private static final Map<String, ProblemCode> ALL = read();

    private ProblemCodes() {}

    /** The codes by their text. */
    public static Map<String, ProblemCode> all() {
        return new TreeMap<>(ALL);
    }

    private static Map<String, ProblemCode> read() {
        Map<String, ProblemCode> codes = new TreeMap<>();
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.liveness.gateway").stream()
                        .filter(type -> type.isEnum() && type.isAssignableTo(ProblemCode.class))
                        .map(JavaClass::reflect)
                        .flatMap(type -> Arrays.stream(type.getEnumConstants()))
                        .map(ProblemCode.class::cast)
                        .forEach(code -> {
                            if (codes.put(code.code(), code) != null) {
                                throw new IllegalStateException("Two features have the code " + code.code());
                            }
                        });
        return codes;
    }
}

package io.liveness.gateway.statement.mapping;

import io.liveness.gateway.platform.problem.ProblemException;
import java.util.regex.Pattern;

/** What a mapping may be called. */
public final class MappingName {

    public static final String FORM = "^[A-Za-z0-9._-]{1,64}$";

    static final String CSV = "text/csv;charset=UTF-8";

    private static final Pattern NAME = Pattern.compile(FORM);

    private MappingName() {}

    /** @param field what of the request it is */
    public static String checked(String field, String given) {
        // A dollar sign would let a line end through.
        if (!NAME.matcher(given).matches()) {
            throw ProblemException.invalid(field, "must be 1 to 64 of A-Za-z0-9._-");
        }
        return given;
    }

    static String savable(String given) {
        if (checked("name", given).equals(StoreMappings.DEFAULT)) {
            throw ProblemException.invalid("name", "must not be default, which is configured");
        }
        return given;
    }
}

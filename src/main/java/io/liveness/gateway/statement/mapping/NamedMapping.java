package io.liveness.gateway.statement.mapping;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.platform.problem.ProblemException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A mapping and its name, as it is at an import and as the API tells it.
 *
 * @param definition as JSON, in one form for each mapping
 * @param hash SHA-256 of the definition
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NamedMapping(
        String name,

        Mapping mapping,

        String setBy,

        Instant setAt,

        @JsonIgnore String definition,
        @JsonIgnore byte[] hash) {

    /** The name of the mapping that is configured. */
    public static final String DEFAULT = "default";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** @param field what of the request it is */
    public static String checkedName(String field, String given) {
        if (!NAME.matcher(given).matches()) {
            throw ProblemException.invalid(field, "must be 1 to 64 of A-Za-z0-9._-");
        }
        return given;
    }

    static String savableName(String given) {
        if (checkedName("name", given).equals(DEFAULT)) {
            throw ProblemException.invalid("name", "must not be default, which is configured");
        }
        return given;
    }
}

package io.liveness.gateway.platform.problem;

import java.util.Locale;

/**
 * A stable code of an error, with its HTTP status. Callers branch on the code, people read the title. Each feature has an enum of
 * codes; {@code docs/problems.md} explains all.
 */
public interface ProblemCode {

    /** The HTTP status. */
    int status();

    /** The code in words. */
    String title();

    /** The constant's name. */
    String name();

    /** The code as it stands in the answer, for example {@code idempotency-key-reused}. */
    default String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

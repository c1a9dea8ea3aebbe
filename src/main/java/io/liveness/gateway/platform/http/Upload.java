package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import java.time.Duration;

/**
 * An operation that takes a file, which may be larger than any other body. It reads the file as a stream and counts its bytes itself. Each
 * is a CDI bean.
 *
 * @param path of the operation, a POST
 * @param maxBytes the largest file; at most {@code quarkus.http.limits.max-body-size}
 * @param within the whole file has to arrive
 */
public record Upload(String path, long maxBytes, Duration within) {

    /** The answer to a larger file. */
    public ProblemException tooLarge() {
        return new ProblemException(
                ProblemCode.TOO_LARGE,
                "A file has at most " + maxBytes + " bytes; send it in parts of a shorter period.");
    }
}

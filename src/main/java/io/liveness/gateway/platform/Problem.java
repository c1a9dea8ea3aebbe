package io.liveness.gateway.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The one shape of every error (RFC 9457, {@code application/problem+json}).
 *
 * @param type where the documentation explains the code
 * @param errors the broken rules by field, for an invalid request
 * @param sessionId the session that the error is about, when there is one
 * @param vendorCode the vendor's code, when it refused
 */
@Schema(description = "Every error has this shape (RFC 9457).")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        URI type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        String requestId,
        List<FieldError> errors,
        UUID sessionId,
        Integer vendorCode) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /**
     * A rule that a field of the request breaks.
     *
     * @param field the field, header or parameter, with a path as {@code actions[0]} where needed
     */
    public record FieldError(String field, String message) {}

    static Problem of(ProblemException problem, String instance, String requestId) {
        ProblemCode code = problem.code();
        return new Problem(
                URI.create("/problems#" + code.code()),
                code.title(),
                code.status(),
                problem.getMessage(),
                instance,
                code.code(),
                requestId,
                problem.errors(),
                problem.sessionId(),
                problem.vendorCode());
    }
}

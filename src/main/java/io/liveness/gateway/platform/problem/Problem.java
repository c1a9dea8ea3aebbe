package io.liveness.gateway.platform.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.platform.tracing.TraceId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The one shape of every error (RFC 9457, {@code application/problem+json}).
 *
 * @param type where the documentation explains the code
 * @param errors the broken rules by field, for an invalid request
 * @param reasons the reasons, for a month that cannot be closed or a difference that cannot be changed
 * @param sessionId the session that the error is about, when there is one
 * @param vendorCode the vendor's code, when it refused
 * @param next the cursor to go on with, for one that does not count any more
 * @param traceId the trace of the request, when it is traced
 */
@Schema(description = "Every error has this shape (RFC 9457).")
@RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        @Schema(
                required = true,
                description = "The explanation of the code, a section of docs/problems.md.",
                format = "uri-reference",
                examples = "/problems#not-found")
        URI type,

        @Schema(required = true, description = "The code in words; the same for every error with this code.")
        String title,

        @Schema(required = true, description = "The HTTP status.", minimum = "400", maximum = "599")
        int status,

        @Schema(required = true, description = "What to do about this error, in words.")
        String detail,

        @Schema(required = true, description = "The path of the request, without the query.", format = "uri-reference")
        String instance,

        @Schema(required = true, description = "Stable: programs branch on it.", pattern = "^[a-z]+(-[a-z]+)*$")
        String code,

        @Schema(required = true, description = "The X-Request-Id of the answer, also in our logs.")
        String requestId,

        @Schema(description = "invalid-request: the broken rules.")
        List<FieldError> errors,

        @Schema(description = "period-not-closable, difference-conflict: the reasons.")
        List<Reason> reasons,

        @Schema(description = "The session that the error concerns, if any.")
        UUID sessionId,

        @Schema(description = "The vendor's code, when it refused (vendor document, 公共code返回码说明).")
        Integer vendorCode,

        @Schema(description = "feed-restored: the cursor to go on with, as `after`.")
        String next,

        @Schema(
                description = "The trace of the request (W3C trace context), when it is traced.",
                pattern = "^[0-9a-f]{32}$")
        String traceId) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /** What {@link ProblemException#with} may add. */
    static final Set<String> OPTIONAL = Set.of("errors", "reasons", "sessionId", "vendorCode", "next");

    /**
     * A rule that a field of the request breaks.
     *
     * @param field the field, header or parameter, with a path as {@code actions[0]} where needed
     */
    @Schema(description = "A rule that the request breaks.")
    public record FieldError(
            @Schema(
                    required = true,
                    description = "The field, header or parameter; a path such as `actions[0]` where needed.")
            String field,

            @Schema(required = true, description = "What the value must be.")
            String message) {}

    /**
     * Why something cannot be done at the moment.
     *
     * @param code stable, for programs
     */
    @Schema(name = "ProblemReason", description = "A reason why the request cannot be done now.")
    public record Reason(
            @Schema(required = true, description = "Stable: programs branch on it.", pattern = "^[a-z]+(-[a-z]+)*$")
            String code,

            @Schema(required = true, description = "What to do about it, in words.")
            String detail) {}

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
                problem.member("reasons"),
                problem.member("sessionId"),
                problem.member("vendorCode"),
                problem.member("next"),
                TraceId.current().orElse(null));
    }
}

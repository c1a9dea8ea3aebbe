package io.liveness.gateway.platform.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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
@RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
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
        List<Reason> reasons,
        UUID sessionId,
        Integer vendorCode,
        String next,
        String traceId) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /**
     * A rule that a field of the request breaks.
     *
     * @param field the field, header or parameter, with a path as {@code actions[0]} where needed
     * @param code stable, for programs that say it in another language; null where none does
     * @param parameters what the message names beside the field, by name
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record FieldError(String field, String message, String code, Map<String, String> parameters) {

        public FieldError(String field, String message) {
            this(field, message, null, Map.of());
        }
    }

    /**
     * Why something cannot be done at the moment.
     *
     * @param code stable, for programs
     * @param parameters what the detail names, by name: times as RFC 3339 has them, numbers, ids
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Reason(String code, String detail, Map<String, String> parameters) {}
}

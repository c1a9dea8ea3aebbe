package io.liveness.gateway.finance.audit;

import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** The query of the audit list, as it was written. */
class AuditQuery extends PageQuery {

    // A caller's name, a slash, and a person's.
    private static final int MAX_WHO = 512;
    private static final int MAX_WHAT = 64;

    @QueryParam("from")
    @Parameter(
            description = "Only what was done at this time or later.",
            schema = @Schema(type = SchemaType.STRING, format = "date-time"),
            example = "2026-10-31T16:00:00Z")
    String from;

    @QueryParam("to")
    @Parameter(
            description = "Only what was done before this time.",
            schema = @Schema(type = SchemaType.STRING, format = "date-time"),
            example = "2026-11-30T16:00:00Z")
    String to;

    @QueryParam("who")
    @Parameter(
            description = "Only what this caller did, or this person: as it stands in the entries.",
            schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = MAX_WHO),
            example = "finance-desk")
    String who;

    @QueryParam("what")
    @Parameter(
            description = "Only acts of this kind.",
            schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = MAX_WHAT),
            example = "period-closed")
    String what;

    AuditFilter filter() {
        return new AuditFilter(
                text("who", who, MAX_WHO), text("what", what, MAX_WHAT), time("from", from), time("to", to));
    }

    private static Optional<String> text(String name, String given, int max) {
        return Optional.ofNullable(given).map(text -> Parameters.text(name, text, 1, max));
    }

    private static Optional<Instant> time(String name, String given) {
        return Optional.ofNullable(given).map(text -> Parameters.time(name, text));
    }
}

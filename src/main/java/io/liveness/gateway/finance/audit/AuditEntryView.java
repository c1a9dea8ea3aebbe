package io.liveness.gateway.finance.audit;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An entry as the API tells it. */
@Schema(
        name = "AuditEntry",
        description = "One recorded act: the actor, the act and the time. An entry is never changed or removed.")
record AuditEntryView(
        @Schema(required = true, description = "The id of the entry.")
        UUID id,

        @Schema(required = true, description = "When the act was done.")
        Instant at,

        @Schema(
                required = true,
                description = "The caller. For an act in the console: the console's caller, a slash and the person.")
        String who,

        @Schema(
                required = true,
                description =
                        "The kind of act: `budget-set`, `budget-removed`, `period-soft-closed`, `period-closed`, `exported`,"
                                + " `statement-imported`, `statement-withdrawn`, `statement-mapping-set`, `statement-mapping-removed`;"
                                + " others may be added.",
                pattern = "^[a-z]+(-[a-z]+)*$",
                examples = "period-closed")
        String what,

        @Schema(
                required = true,
                description =
                        "The object of the act: a caller, a month, a list (`charges`), a statement, or a mapping of columns.")
        String subject,

        @Schema(required = true, description = "Details that depend on the kind of act.")
        Map<String, String> detail) {}

package io.liveness.gateway.finance.audit;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An entry as the API tells it. */
@Schema(name = "AuditEntry", description = "Who did what, and when. An entry is never changed or removed.")
record AuditEntryView(
        @Schema(required = true, description = "The entry.") UUID id,

        @Schema(required = true, description = "When it was done.")
        Instant at,

        @Schema(
                required = true,
                description =
                        "The caller who did it. What a person did in the console is the console's, with the person after a slash.")
        String who,

        @Schema(
                required = true,
                description =
                        "What was done: `budget-set`, `budget-removed`, `period-soft-closed`, `period-closed`, `exported`,"
                                + " `statement-imported`, `statement-withdrawn`, `statement-mapping-set`,"
                                + " `statement-mapping-removed`; others may be added.",
                pattern = "^[a-z]+(-[a-z]+)*$",
                examples = "period-closed")
        String what,

        @Schema(
                required = true,
                description =
                        "What it was done to: a caller, a month, a list (`charges`), a statement, or a mapping of columns.")
        String subject,

        @Schema(required = true, description = "What belongs to the kind of act.")
        Map<String, String> detail) {

    static AuditEntryView of(AuditRow row) {
        return new AuditEntryView(row.id(), row.at(), row.who(), row.what(), row.subject(), row.detail());
    }
}

package io.liveness.gateway.statement.difference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.statement.matching.MatchKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An adjustment as the API tells it. */
@Schema(
        name = "Adjustment",
        description = "What the acceptance of a difference added to the ledger, or what its revocation took back.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record AdjustmentView(
        @Schema(required = true, description = "Its id.") UUID id,

        @Schema(required = true, description = "When it was recorded.")
        Instant at,

        @Schema(required = true, description = "What it adds to our charges; negative for less.")
        AmountView amount,

        @Schema(
                required = true,
                description =
                        "The time at which it counts in sums: that of the fee or line it corrects, or `at` when that month was"
                                + " closed before.")
        Instant countedAt,

        @Schema(
                description = "The closed month that it corrects; absent when it counts in the month that it corrects.",
                pattern = "^[0-9]{4}-[0-9]{2}$")
        String ofMonth,

        @Schema(required = true, description = "Whether it takes an earlier adjustment back.")
        boolean revokes,

        @Schema(description = "The statement of the difference.")
        UUID statementId,

        @Schema(description = "The difference that was accepted.")
        UUID differenceId,

        @Schema(description = "The result that was accepted.")
        MatchKind kind,

        @Schema(description = "The session of the fee; absent for a line without one.")
        UUID sessionId,

        @Schema(description = "The caller of the session.") String caller,

        @Schema(description = "The vendor's task number.") String taskNo,

        @Schema(description = "Why it was accepted, or revoked.")
        String reason,

        @Schema(description = "The caller that accepted or revoked it.")
        String by,

        @Schema(description = "The caller that confirmed the acceptance.")
        String confirmedBy) {

    /** A page of adjustments. */
    @RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
    @Schema(name = "AdjustmentPage", description = "A page of adjustments, newest first.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(
            @Schema(required = true, description = "The adjustments of this page.")
            List<AdjustmentView> items,

            @Schema(description = "Token of the next page; absent on the last page.")
            String nextPageToken) {}

    /** Of a row of {@link ListAdjustments}. */
    static AdjustmentView of(ResultSet row) throws SQLException {
        String kind = row.getString("kind");
        return new AdjustmentView(
                new UUID(0, row.getLong("id")),
                Sql.time(row, "recorded_at"),
                AmountView.of(new Money(row.getLong("units"), row.getString("currency"))),
                Sql.time(row, "counted_at"),
                row.getString("of_month"),
                row.getBoolean("revokes"),
                row.getObject("statement_id", UUID.class),
                row.getObject("difference_id", UUID.class),
                kind == null ? null : MatchKind.valueOf(kind),
                row.getObject("session_id", UUID.class),
                row.getString("caller"),
                row.getString("task_no"),
                row.getString("reason"),
                row.getString("by"),
                row.getString("confirmed_by"));
    }
}

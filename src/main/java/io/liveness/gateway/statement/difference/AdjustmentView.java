package io.liveness.gateway.statement.difference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.ledger.AmountView;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.statement.matching.MatchKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/** An adjustment as the API tells it. */
@RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
@JsonInclude(JsonInclude.Include.NON_NULL)
record AdjustmentView(
        UUID id,
        Instant at,
        AmountView amount,
        Instant countedAt,
        String ofMonth,
        boolean revokes,
        UUID statementId,
        UUID differenceId,
        MatchKind kind,
        UUID sessionId,
        String caller,
        String taskNo,
        String reason,
        String by,
        String confirmedBy) {

    /** Of a row of {@link ListAdjustments}. */
    static AdjustmentView of(ResultSet row) throws SQLException {
        String kind = row.getString("kind");
        return new AdjustmentView(
                new UUID(0, row.getLong("id")),
                Sql.time(row, "recorded_at"),
                AmountView.of(row, "amount", "currency"),
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

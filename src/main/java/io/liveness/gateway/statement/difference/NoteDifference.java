package io.liveness.gateway.statement.difference;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.audit.AuditedAct;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.StatementProblem;
import io.liveness.gateway.statement.difference.KeyedWork.Bill;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Stores the note and the assignee of a difference, and records it on the audit list. */
@Singleton
class NoteDifference {

    private final Batch batch;

    NoteDifference(Batch batch) {
        this.batch = batch;
    }

    /**
     * Replaces an earlier note.
     *
     * @throws ProblemException when the difference does not exist, the result is no difference, or its statement does not count
     */
    void note(UUID statement, UUID difference, Optional<String> note, Optional<String> assignee, String by) {
        batch.transact(connection -> {
            Bill bill = KeyedWork.lock(connection, statement).orElseThrow(ProblemException::notFound);
            bill.require(connection, List.of(difference));
            int noted = Sql.execute(connection, """
                    insert into difference_note (difference_id, statement_id, note, assignee, set_by, set_at)
                    select m.id, m.statement_id, ?, ?, ?, liveness_now()
                    from statement_match m where m.id = ? and m.kind not in ('MATCHED', 'NOT_BILLED', 'CUT_OFF')
                    on conflict (difference_id) do update
                    set note = excluded.note, assignee = excluded.assignee, set_by = excluded.set_by, set_at = excluded.set_at
                    """, note, assignee, by, difference);
            if (noted == 0) {
                throw StatementProblem.refused(difference, "no-difference");
            }
            Map<String, String> detail = new LinkedHashMap<>(Map.of("statement", statement.toString()));
            note.ifPresent(text -> detail.put("note", text));
            assignee.ifPresent(name -> detail.put("assignee", name));
            Audit.record(connection, AuditedAct.DIFFERENCE_NOTED, by, difference.toString(), detail);
            return null;
        });
    }
}

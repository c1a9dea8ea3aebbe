package io.liveness.gateway.bill;

import io.liveness.gateway.testsupport.Stored;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/** Fees of a past time, inserted into the database, and matching lines of a statement. */
final class Books {

    static final Instant BEGIN = Instant.parse("2019-03-01T00:00:00Z");
    static final Instant END = Instant.parse("2019-03-02T00:00:00Z");
    static final String PERIOD = "from=2019-03-01T00:00:00Z&to=2019-03-02T00:00:00Z";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

    private static final String SESSION = """
            insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url, action_style,
                actions, action_mutex, anti_camera_hack, task_no, fee_amount, fee_currency, attempt, init_at, charge_settled_at,
                verdict_code, created_at, updated_at)
            values (?, 'biller', ?, '', ?, ?, 'wx.history', 'SILENT', '', true, true, ?, 800000, 'CNY', 1, ?, ?, ?, ?, ?)""";
    private static final String ENTRY = """
            insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, init_at)
            values (?, ?, ?, ?, 800000, 'CNY', ?, 'biller', ?)""";

    private final Stored stored;
    private final String series = UUID.randomUUID().toString().substring(0, 8);
    private int count;

    Books(Stored stored) {
        this.stored = stored;
    }

    /** A fee, with the line that the vendor would have for it. */
    record Fee(UUID session, String taskNo, Instant at, String word) {

        String line() {
            return line(at, word, "0.80");
        }

        String line(Instant when, String status, String amount) {
            return taskNo + "," + TIME.format(when) + "," + status + "," + amount + "\n";
        }
    }

    Fee charged(Instant at) {
        return fee(at, "PASSED", "CHARGED", 200);
    }

    Fee refunded(Instant at) {
        return fee(at, "FAILED", "REFUNDED", 203);
    }

    Fee open(Instant at) {
        return fee(at, "PENDING", "PRE_DEDUCTED", null);
    }

    /** Init's answer was lost: we know no task number. The vendor has one if it took the fee. */
    Fee lost(Instant at) {
        return write(at, "UNKNOWN", "UNCONFIRMED", null, "PRESUMED", false);
    }

    Fee lostAndBack(Instant at) {
        return write(at, "UNKNOWN", "REFUNDED", null, "PRESUMED", false);
    }

    String taskNo() {
        return "task-" + series + "-" + ++count;
    }

    private Fee fee(Instant at, String status, String charge, Integer verdict) {
        return write(at, status, charge, verdict, "RULE", true);
    }

    private Fee write(Instant at, String status, String charge, Integer verdict, String basis, boolean known) {
        UUID id = UUID.randomUUID();
        String taskNo = taskNo();
        String ours = known ? taskNo : null;
        OffsetDateTime opened = at.atOffset(ZoneOffset.UTC);
        boolean ended = charge.equals("CHARGED") || charge.equals("REFUNDED");
        OffsetDateTime settled = ended ? opened.plusSeconds(40) : null;
        try {
            stored.execute(SESSION, id, id.toString(), status, charge, ours, opened, settled, verdict, opened, opened);
            stored.scheduleOpenBefore(END);
            stored.execute(ENTRY, id, "PRE_DEDUCT", ours, basis, opened, opened);
            if (ended) {
                String end = charge.equals("CHARGED") ? "CHARGE" : "REFUND";
                stored.execute(ENTRY, id, end, ours, basis, settled, opened);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        String word = charge.equals("CHARGED") ? "实扣" : charge.equals("REFUNDED") ? "退回" : "预扣";
        return new Fee(id, taskNo, at, word);
    }

    /** Takes all statements, and all sessions of made-up fees, out of the database. */
    static void remove(Stored stored) throws SQLException {
        stored.execute("delete from statement_acceptance");
        stored.execute("delete from difference_note");
        stored.execute("delete from match_by_hand");
        stored.execute("delete from statement_invoice");
        stored.execute("delete from statement_match");
        stored.execute("delete from statement_piece");
        stored.execute("update statement set supersedes = null, superseded_by = null");
        stored.execute("delete from statement");
        stored.removeBefore(END);
    }
}

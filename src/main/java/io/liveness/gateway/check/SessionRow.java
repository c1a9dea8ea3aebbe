package io.liveness.gateway.check;

import io.liveness.gateway.platform.postgres.Database;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** A session as it is stored, as far as it is shown. What is not known is null, and what thinning or an erasure has erased. */
public record SessionRow(
        UUID id,
        String caller,
        SessionStatus status,
        Requested requested,
        Token token,
        Verdict verdict,
        Fee fee,
        Instant createdAt,
        Instant updatedAt,
        Instant thinnedAt,
        Instant erasedAt) {

    /** What a query selects of {@code liveness_session} for {@link #of}. It may select other columns too. */
    public static final String COLUMNS = """
            id, caller, status, charge_status, return_url, action_style, actions, action_mutex, anti_camera_hack, title,
            reference, metadata, cost_centre, token_expires_at, token_sealed, check_url_sealed, task_no, verdict_code, verdict_message,
            verdict_at, fee_amount, fee_currency, charge_settled_at, created_at, updated_at,
            thinned_at, erased_at
            """;

    /** What its caller asked for, with defaults. */
    public record Requested(
            String returnUrl,
            String actionStyle,
            String actions,
            boolean actionMutex,
            boolean antiCameraHack,
            String title,
            String reference,
            Map<String, String> metadata,
            String costCentre) {}

    /** What the vendor's answer to init gave. */
    public record Token(Instant expiresAt, byte[] sealed, byte[] checkUrlSealed) {}

    /** What the vendor finally said: a code of its document, or null. */
    public record Verdict(Integer code, String message, Instant at) {}

    /** @param amount in the units of {@link io.liveness.gateway.books.Money} */
    public record Fee(ChargeStatus status, Long amount, String currency, String taskNo, Instant settledAt) {}

    public static SessionRow of(Row row) {
        return new SessionRow(
                row.getUUID("id"),
                row.getString("caller"),
                SessionStatus.valueOf(row.getString("status")),
                new Requested(
                        row.getString("return_url"),
                        row.getString("action_style"),
                        row.getString("actions"),
                        row.getBoolean("action_mutex"),
                        row.getBoolean("anti_camera_hack"),
                        row.getString("title"),
                        row.getString("reference"),
                        strings(row.getJsonObject("metadata")),
                        row.getString("cost_centre")),
                new Token(
                        Database.time(row, "token_expires_at"),
                        bytes(row.getBuffer("token_sealed")),
                        bytes(row.getBuffer("check_url_sealed"))),
                new Verdict(
                        row.getInteger("verdict_code"),
                        row.getString("verdict_message"),
                        Database.time(row, "verdict_at")),
                new Fee(
                        ChargeStatus.valueOf(row.getString("charge_status")),
                        row.getLong("fee_amount"),
                        row.getString("fee_currency"),
                        row.getString("task_no"),
                        Database.time(row, "charge_settled_at")),
                Database.time(row, "created_at"),
                Database.time(row, "updated_at"),
                Database.time(row, "thinned_at"),
                Database.time(row, "erased_at"));
    }

    /** Whether its idempotency key opens nothing again and gives no answer. */
    public boolean isGone() {
        return thinnedAt != null || erasedAt != null;
    }

    private static Map<String, String> strings(JsonObject object) {
        if (object == null) {
            return null;
        }
        Map<String, String> strings = new LinkedHashMap<>();
        object.forEach(entry -> strings.put(entry.getKey(), (String) entry.getValue()));
        return strings;
    }

    /** @return null of null */
    public static byte[] bytes(Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }

    /** The text leaves out what the caller keeps with it, and token and address, sealed as they are. */
    @Override
    public String toString() {
        return "Session[" + id + " " + status + "]";
    }
}

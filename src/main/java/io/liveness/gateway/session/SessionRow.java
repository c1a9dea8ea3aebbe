package io.liveness.gateway.session;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** A session as it is stored, as far as it is shown. What is not known is null, and what thinning or an erasure has erased. */
public record SessionRow(
        UUID id,
        String caller,
        SessionStatus status,
        ChargeStatus chargeStatus,
        String returnUrl,
        String actionStyle,
        String actions,
        boolean actionMutex,
        boolean antiCameraHack,
        String title,
        String reference,
        Map<String, String> metadata,
        String costCentre,
        Instant tokenExpiresAt,
        byte[] tokenSealed,
        byte[] checkUrlSealed,
        String taskNo,
        Integer verdictCode,
        String verdictMessage,
        Instant verdictAt,
        Long feeUnits,
        String feeCurrency,
        Instant chargeSettledAt,
        Instant createdAt,
        Instant updatedAt,
        Instant thinnedAt,
        Instant erasedAt) {

    /** What a statement selects of {@code liveness_session}, in the order in which {@link #of} reads it. */
    public static final String COLUMNS = """
            id, caller, status, charge_status, return_url, action_style, actions, action_mutex, anti_camera_hack, title,
            reference, metadata, cost_centre, token_expires_at, token_sealed, check_url_sealed, task_no, verdict_code, verdict_message,
            verdict_at, fee_amount * 10000 + fee_fraction, fee_currency, charge_settled_at, created_at, updated_at, thinned_at, erased_at""";

    /** How many there are; a statement may select others behind them. */
    public static final int NUMBER_OF_COLUMNS = 27;

    /** By position: a look-up of each name is a search through all of them. */
    public static SessionRow of(Row row) {
        int at = 0;
        return new SessionRow(
                row.getUUID(at++),
                row.getString(at++),
                SessionStatus.valueOf(row.getString(at++)),
                ChargeStatus.valueOf(row.getString(at++)),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getBoolean(at++),
                row.getBoolean(at++),
                row.getString(at++),
                row.getString(at++),
                strings(row.getJsonObject(at++)),
                row.getString(at++),
                instant(row.getOffsetDateTime(at++)),
                bytes(row.getBuffer(at++)),
                bytes(row.getBuffer(at++)),
                row.getString(at++),
                row.getInteger(at++),
                row.getString(at++),
                instant(row.getOffsetDateTime(at++)),
                row.getLong(at++),
                row.getString(at++),
                instant(row.getOffsetDateTime(at++)),
                instant(row.getOffsetDateTime(at++)),
                instant(row.getOffsetDateTime(at++)),
                instant(row.getOffsetDateTime(at++)),
                instant(row.getOffsetDateTime(at)));
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

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    static byte[] bytes(Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }

    /** Without what the caller keeps with it, and without token and address, sealed as they are. */
    @Override
    public String toString() {
        return "Session[" + id + " " + status + "]";
    }
}

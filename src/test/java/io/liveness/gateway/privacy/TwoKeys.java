package io.liveness.gateway.privacy;

import io.liveness.gateway.platform.security.Encryption;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Stored;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;

/** What is stored under the key {@code new} of {@link OptionsOn}, put under {@code old}, as an earlier replica stored it. */
final class TwoKeys {

    static final Encryption NEW = new Encryption(List.of(OptionsOn.NEW_KEY));
    static final Encryption OLD = new Encryption(List.of(OptionsOn.OLD_KEY));

    /** A sealed column of a table, with the expression of what its values are bound to. */
    private record Sealed(String name, String table, String column, String key, String context) {}

    private static final List<Sealed> ALL = List.of(
            new Sealed("check_url", "liveness_session", "check_url_sealed", "id", "id || '/CHECK_URL'"),
            new Sealed("face_url", "liveness_session", "face_url_sealed", "id", "id || '/FACE_URL'"),
            new Sealed("hash_key", "hash_key", "sealed", "nth", "'hash-key/' || nth"),
            new Sealed(
                    "old_secret",
                    "webhook_endpoint",
                    "secrets_sealed[2]",
                    "id",
                    "'webhook-endpoint/' || id || '/secret'"),
            new Sealed(
                    "older_secret",
                    "webhook_endpoint",
                    "secrets_sealed[3]",
                    "id",
                    "'webhook-endpoint/' || id || '/secret'"),
            new Sealed("schedule", "session_schedule", "token_sealed", "session_id", "session_id || '/TOKEN'"),
            new Sealed(
                    "secret", "webhook_endpoint", "secrets_sealed[1]", "id", "'webhook-endpoint/' || id || '/secret'"),
            new Sealed("token", "liveness_session", "token_sealed", "id", "id || '/TOKEN'"));

    private TwoKeys() {}

    /** The columns that have a value under the key before. */
    static List<String> underOld(Stored stored) {
        return ALL.stream()
                .filter(value -> stored.count("select count(*) from " + value.table() + " where substring("
                                + value.column() + " from 2 for 3) = 'old'::bytea")
                        > 0)
                .map(Sealed::name)
                .toList();
    }

    /** Everything that is under the new key. */
    static void putUnderOld(Stored stored) throws SQLException {
        for (Sealed each : ALL) {
            for (String row : stored.strings(
                    "select concat_ws(' ', %s, %s, %s) from %s where substring(%3$s from 2 for 3) = 'new'::bytea"
                            .formatted(each.key(), each.context(), each.column(), each.table()))) {
                String[] values = row.split(" ");
                stored.execute(
                        "update %s set %s = ? where %s::text = ?".formatted(each.table(), each.column(), each.key()),
                        OLD.seal(NEW.openBytes(hex(values[2]), values[1]), values[1]),
                        values[0]);
            }
        }
    }

    static byte[] bytes(Stored stored, String sql) {
        return hex(stored.strings(sql).get(0));
    }

    /** PostgreSQL writes bytes as hexadecimal digits after {@code \x}. */
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.substring(2));
    }
}

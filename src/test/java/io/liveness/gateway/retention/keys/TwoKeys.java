package io.liveness.gateway.retention.keys;

import io.liveness.gateway.platform.encryption.Encryption;
import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.Stored;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** What is stored under the key {@code new} of {@link OptionsOn}, put under {@code old}, as an earlier replica stored it. */
final class TwoKeys {

    static final Encryption NEW = new Encryption(List.of(OptionsOn.NEW_KEY));
    static final Encryption OLD = new Encryption(List.of(OptionsOn.OLD_KEY));

    /** The columns that have a value under the key before. */
    private static final String UNDER_OLD = """
            select name from (
                select unnest(array['token', 'check_url', 'face_url', 'token_digest', 'key_digest']) as name,
                       unnest(array[token_sealed, check_url_sealed, face_url_sealed, token_digest_sealed, key_digest_sealed]) as value
                from liveness_session
                union all select 'erasure_key', key_digest_sealed from erasure
                union all select 'erasure_request', request_digest_sealed from erasure
                union all select 'schedule', token_sealed from session_schedule
                union all select 'secret', secret_sealed from webhook_endpoint
                union all select 'old_secret', old_secret_sealed from webhook_endpoint
                union all select 'older_secret', older_secret_sealed from webhook_endpoint) sealed
            where substring(value from 2 for 3) = 'old'::bytea
            group by name order by name
            """;

    private TwoKeys() {}

    static List<String> underOld(Stored stored) {
        return stored.strings(UNDER_OLD);
    }

    /** Everything that is under the new key. */
    static void putUnderOld(Stored stored) throws SQLException {
        for (String id : stored.strings("select id from liveness_session")) {
            tokenHash(stored, id);
            rehash(stored, "liveness_session", "key", id, id + "/KEY_DIGEST");
            reseal(stored, "liveness_session", "id", "token_sealed", id, id + "/TOKEN");
            reseal(stored, "liveness_session", "id", "check_url_sealed", id, id + "/CHECK_URL");
            reseal(stored, "liveness_session", "id", "face_url_sealed", id, id + "/FACE_URL");
            reseal(stored, "session_schedule", "session_id", "token_sealed", id, id + "/TOKEN");
        }
        for (String id : stored.strings("select id from erasure")) {
            rehash(stored, "erasure", "key", id, "erasure/" + id + "/KEY");
            rehash(stored, "erasure", "request", id, "erasure/" + id + "/REQUEST");
        }
        for (String id : stored.strings("select id from webhook_endpoint")) {
            String context = "webhook-endpoint/" + id + "/secret";
            reseal(stored, "webhook_endpoint", "id", "secret_sealed", id, context);
            reseal(stored, "webhook_endpoint", "id", "old_secret_sealed", id, context);
            reseal(stored, "webhook_endpoint", "id", "older_secret_sealed", id, context);
        }
    }

    private static void reseal(Stored stored, String table, String key, String column, String id, String context)
            throws SQLException {
        byte[] sealed = bytes(stored, "select " + column + " from " + table + " where " + key + " = '" + id + "'");
        if (isUnderNew(sealed)) {
            stored.execute(
                    "update " + table + " set " + column + " = ? where " + key + " = ?",
                    OLD.seal(NEW.openBytes(sealed, context), context),
                    UUID.fromString(id));
        }
    }

    /** A token while it is there, as an open hashes it; else the digest. */
    private static void tokenHash(Stored stored, String id) throws SQLException {
        byte[] token = column(stored, "token_sealed", id);
        byte[] tokenDigest = column(stored, "token_digest_sealed", id);
        if (isUnderNew(tokenDigest)) {
            byte[] digest = NEW.openBytes(tokenDigest, id + "/TOKEN_DIGEST");
            stored.execute(
                    "update liveness_session set token_hash = ?, token_digest_sealed = ? where id = ?",
                    token == null ? OLD.digestHash(digest) : OLD.lookupHash(NEW.open(token, id + "/TOKEN")),
                    OLD.seal(digest, id + "/TOKEN_DIGEST"),
                    UUID.fromString(id));
        }
    }

    private static void rehash(Stored stored, String table, String hash, String id, String context)
            throws SQLException {
        byte[] sealed = bytes(stored, "select " + hash + "_digest_sealed from " + table + " where id = '" + id + "'");
        if (isUnderNew(sealed)) {
            byte[] digest = NEW.openBytes(sealed, context);
            stored.execute(
                    "update " + table + " set " + hash + "_hash = ?, " + hash + "_digest_sealed = ? where id = ?",
                    OLD.digestHash(digest),
                    OLD.seal(digest, context),
                    UUID.fromString(id));
        }
    }

    private static boolean isUnderNew(byte[] sealed) {
        return sealed != null && new String(sealed, 1, 3).equals("new");
    }

    static byte[] column(Stored stored, String column, String session) {
        return bytes(stored, "select " + column + " from liveness_session where id = '" + session + "'");
    }

    static byte[] bytes(Stored stored, String sql) {
        List<String> values = stored.strings(sql);
        // JDBC reads bytes as \x and hexadecimal digits.
        return values.isEmpty() || values.get(0) == null
                ? null
                : HexFormat.of().parseHex(values.get(0).substring(2));
    }
}

package io.liveness.gateway.retention.keys;

import io.liveness.gateway.platform.encryption.Encryption;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A gateway that writes under the key {@code new} and reads under {@code old} too, and what is stored as a replica before it stored it. */
public class TwoKeys implements QuarkusTestProfile {

    static final String NEW_KEY = key("new");
    static final String OLD_KEY = key("old");
    static final Encryption NEW = new Encryption(List.of(NEW_KEY));
    static final Encryption OLD = new Encryption(List.of(OLD_KEY));

    /** The columns that have a value under the key before. */
    private static final String UNDER_OLD = """
            select name from (
                select unnest(array['token', 'check_url', 'face_url', 'token_digest', 'key_digest']) as name,
                       unnest(array[token_sealed, check_url_sealed, face_url_sealed, token_digest_sealed, key_digest_sealed]) as value
                from liveness_session
                union all select 'schedule', token_sealed from session_schedule
                union all select 'secret', secret_sealed from webhook_endpoint
                union all select 'old_secret', old_secret_sealed from webhook_endpoint) sealed
            where substring(value from 2 for 3) = 'old'::bytea
            group by name order by name
            """;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("liveness.encryption.keys", NEW_KEY + "," + OLD_KEY);
    }

    static String key(String id) {
        String bytes = (id + " key of a test: at least 32 bytes").substring(0, 32);
        return id + ":" + Base64.getEncoder().encodeToString(bytes.getBytes());
    }

    static List<String> underOld(Stored stored) {
        return stored.strings(UNDER_OLD);
    }

    /** Everything that is under the new key. */
    static void putUnderOld(Stored stored) throws SQLException {
        for (String id : stored.strings("select id from liveness_session")) {
            rehash(stored, id);
            reseal(stored, "liveness_session", "id", "token_sealed", id, id + "/TOKEN");
            reseal(stored, "liveness_session", "id", "check_url_sealed", id, id + "/CHECK_URL");
            reseal(stored, "liveness_session", "id", "face_url_sealed", id, id + "/FACE_URL");
            reseal(stored, "session_schedule", "session_id", "token_sealed", id, id + "/TOKEN");
        }
        for (String id : stored.strings("select id from webhook_endpoint")) {
            String context = "webhook-endpoint/" + id + "/secret";
            reseal(stored, "webhook_endpoint", "id", "secret_sealed", id, context);
            reseal(stored, "webhook_endpoint", "id", "old_secret_sealed", id, context);
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
    private static void rehash(Stored stored, String id) throws SQLException {
        byte[] token = column(stored, "token_sealed", id);
        byte[] tokenDigest = column(stored, "token_digest_sealed", id);
        byte[] keyDigest = column(stored, "key_digest_sealed", id);
        if (isUnderNew(tokenDigest)) {
            byte[] digest = NEW.openBytes(tokenDigest, id + "/TOKEN_DIGEST");
            stored.execute(
                    "update liveness_session set token_hash = ?, token_digest_sealed = ? where id = ?",
                    token == null ? OLD.digestHash(digest) : OLD.lookupHash(NEW.open(token, id + "/TOKEN")),
                    OLD.seal(digest, id + "/TOKEN_DIGEST"),
                    UUID.fromString(id));
        }
        if (isUnderNew(keyDigest)) {
            byte[] digest = NEW.openBytes(keyDigest, id + "/KEY_DIGEST");
            stored.execute(
                    "update liveness_session set key_hash = ?, key_digest_sealed = ? where id = ?",
                    OLD.digestHash(digest),
                    OLD.seal(digest, id + "/KEY_DIGEST"),
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

package io.liveness.gateway.process.killed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.YearMonth;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Closes months, and keeps what was answered. */
final class Closing {

    private final Map<YearMonth, JsonObject> closed = new TreeMap<>();
    private final Requests requests;

    Closing(Requests requests) {
        this.requests = requests;
    }

    void close(YearMonth month) {
        requests.post(Requests.BOB, path(month) + "/soft-close", null);
        closed.put(month, requests.post(Requests.BOB, path(month) + "/close", null));
    }

    /** Each is as it was answered, and its proof is that of its hash. */
    void assertUnchanged(Requests later) {
        closed.forEach((month, answer) -> {
            JsonObject now = later.get(Requests.BOB, path(month), any -> true);
            for (String field : new String[] {"status", "closedAt", "rows", "hash", "totals"}) {
                assertThat(now.getValue(field)).as("%s of %s", field, month).isEqualTo(answer.getValue(field));
            }
            String proof = later.text(Requests.BOB, path(month) + "/proof");
            assertThat(sha256(proof)).as("proof of %s", month).isEqualTo(answer.getString("hash"));
        });
    }

    private static String path(YearMonth month) {
        return "/v1/periods/" + month;
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

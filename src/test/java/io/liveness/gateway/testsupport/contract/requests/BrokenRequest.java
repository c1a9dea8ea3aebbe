package io.liveness.gateway.testsupport.contract.requests;

import io.liveness.gateway.testsupport.contract.Exchange.Request;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A request that breaks one rule.
 *
 * @param rule which one, in words
 */
public record BrokenRequest(Kind kind, String rule, Request request, byte[] wire) {

    private static final int LARGEST_BODY = 128 * 1024;

    /** What a rule is about, and the answers that fit. */
    public enum Kind {
        FIELD(400),
        BODY(400),
        ENCODING(400),
        NOISE(400),
        HEADER(400),
        QUERY(400),
        PATH(400, 404, 405),
        CONTENT_TYPE(415),
        METHOD(405),
        ADDRESS(400, 404, 405),
        TOKEN(401),
        SIZE(413);

        private final Set<Integer> statuses;

        Kind(Integer... statuses) {
            this.statuses = Set.of(statuses);
        }

        public Set<Integer> statuses() {
            return statuses;
        }
    }

    /** Of a body that is too large the fields are not read: its size is the rule that it breaks. */
    static BrokenRequest of(Kind kind, String rule, Draft draft) {
        Draft renewed = draft.renewed();
        boolean tooLarge = kind == Kind.FIELD && renewed.body() != null && renewed.body().length > LARGEST_BODY;
        return new BrokenRequest(tooLarge ? Kind.SIZE : kind, rule, renewed.request(), renewed.wire());
    }

    /** As it stands on the wire, without what is not printable and without its token. */
    @Override
    public String toString() {
        String text = new String(wire, StandardCharsets.ISO_8859_1)
                .replaceAll("Bearer [^\r\n]{20,}", "Bearer <token>")
                .replace("\r\n", "\n");
        StringBuilder shown = new StringBuilder(kind + ", " + rule + "\n");
        text.substring(0, Math.min(1_500, text.length()))
                .chars()
                .forEach(c -> shown.append(
                        c == '\n' || (c >= 0x20 && c < 0x7f) ? Character.toString(c) : "\\x%02x".formatted(c)));
        return shown.toString();
    }
}

package io.liveness.gateway.testsupport.contract.requests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.RequestRules;
import io.liveness.gateway.testsupport.contract.requests.BrokenRequest.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Bodies of JSON that break one rule: of the schema, of JSON, of UTF-8. */
final class BrokenBodies {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final String NUMBERS =
            "1e400 -1e400 1e-400 1e999999999 1000000000000000000000000000000 01 +1 .5 1. 0x10 NaN Infinity -";
    private static final String NO_UTF_8 = "ff fe 80 c080 c181 c3 e08080 eda080 edb080 f0808080 f4908080 f888808080 00";
    /** The dollar stands for the right body. */
    private static final String SHAPES =
            "null true 1 \"text\" [] [$] { } {}{} {]} {\"a\"} {\"a\":} {:1} {a:1} {'a':1} {\"a\":1,} {,}"
                    + " <a/> a=b // /**/$ $// $$ ${} $, $] $x ,$ ($)";

    private static final int NOISE_ROUNDS = 300;

    private final RequestRules rules;
    private final BrokenValues values;
    private final Random random;
    private final Consumer<BrokenRequest> out;

    BrokenBodies(Contract contract, Random random, Consumer<BrokenRequest> out) {
        this.rules = new RequestRules(contract);
        this.values = new BrokenValues(contract, random);
        this.random = random;
        this.out = out;
    }

    void of(Draft right, JsonNode schema, JsonNode value) {
        for (BrokenValues.Broken broken : values.of(schema, value)) {
            judged(Kind.FIELD, broken.rule(), right.body(text(broken.value())));
        }
        String text = text(value);
        if (value instanceof ObjectNode object) {
            fields(right, object, text);
        }
        shapes(right, text);
        encodings(right, text);
        noise(right, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Rules in words of every text: no NUL, no lone surrogate. And of every object: no field twice. */
    private void fields(Draft right, ObjectNode object, String text) {
        String inner = text.substring(0, text.length() - 1);
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = "\"" + field.getKey() + "\":";
            add(Kind.BODY, field.getKey() + " twice", right.body(inner + "," + name + text(field.getValue()) + "}"));
            add(Kind.BODY, field.getKey() + " twice, then null", right.body(inner + "," + name + "null}"));
            if (field.getValue().isTextual()) {
                for (String wrong :
                        List.of("\\u0000", "\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\ud83dx", "\\x", "\\u1g")) {
                    String given = field.getValue().asText();
                    ObjectNode without = object.deepCopy().without(field.getKey());
                    String rest = text(without);
                    String start = rest.substring(0, rest.length() - 1) + (without.isEmpty() ? "" : ",") + name + "\"";
                    add(Kind.ENCODING, field.getKey() + " with " + wrong, right.body(start + wrong + given + "\"}"));
                    add(Kind.ENCODING, field.getKey() + " with " + wrong, right.body(start + given + wrong + "\"}"));
                }
            }
            for (String number : NUMBERS.split(" ")) {
                ObjectNode without = object.deepCopy().without(field.getKey());
                String rest = text(without);
                String start = rest.substring(0, rest.length() - 1) + (without.isEmpty() ? "" : ",") + name;
                String rule = field.getKey() + " is " + number;
                Draft draft = right.body(start + number + "}");
                if (field.getValue().isTextual()) {
                    // Not judged: for a field with a list of values the validator writes out all digits.
                    add(Kind.BODY, rule, draft);
                } else {
                    judged(Kind.BODY, rule, draft);
                }
            }
            for (int depth : new int[] {500, 50_000}) {
                String start = inner + ",\"deep\":";
                add(
                        Kind.BODY,
                        "nested " + depth + " deep",
                        right.body(start + "[".repeat(depth) + "]".repeat(depth) + "}"));
                add(Kind.BODY, "nested " + depth + " deep, open", right.body(start + "{\"a\":".repeat(depth / 4)));
            }
        }
    }

    private void shapes(Draft right, String text) {
        for (String shape : SHAPES.split(" ")) {
            judged(Kind.BODY, "another shape", right.body(shape.replace("$", text)));
        }
        for (String other : List.of("", " ", "\u0000", text + "\u0000", "[".repeat(50_000), text.replace('"', '\''))) {
            judged(Kind.BODY, "another shape", right.body(other));
        }
        for (int end = 1; end < text.length(); end++) {
            judged(Kind.BODY, "cut off after " + end, right.body(text.substring(0, end)));
        }
    }

    private void encodings(Draft right, String text) {
        for (String charset : List.of("UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE")) {
            add(Kind.ENCODING, charset, right.body(text.getBytes(Charset.forName(charset))));
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (String sequence : NO_UTF_8.split(" ")) {
            for (int i = 0; i < 5; i++) {
                int at = random.nextInt(bytes.length);
                ByteArrayOutputStream changed = new ByteArrayOutputStream();
                changed.write(bytes, 0, at);
                changed.writeBytes(HexFormat.of().parseHex(sequence));
                changed.write(bytes, at, bytes.length - at);
                add(Kind.ENCODING, "%s at %d".formatted(sequence, at), right.body(changed.toByteArray()));
            }
        }
    }

    private void noise(Draft right, byte[] bytes) {
        for (int i = 0; i < NOISE_ROUNDS; i++) {
            byte[] changed = bytes.clone();
            for (int n = random.nextInt(3); n >= 0; n--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            judged(Kind.NOISE, "random bytes", right.body(changed));
        }
    }

    private void judged(Kind kind, String rule, Draft draft) {
        if (!rules.broken(draft.request()).isEmpty()) {
            add(kind, rule, draft);
        }
    }

    private void add(Kind kind, String rule, Draft draft) {
        out.accept(BrokenRequest.of(kind, rule, draft));
    }

    static String text(JsonNode value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.liveness.gateway.testsupport.contract.requests;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Operation;
import io.liveness.gateway.testsupport.contract.RequestRules;
import io.liveness.gateway.testsupport.contract.Values;
import io.liveness.gateway.testsupport.contract.requests.BrokenRequest.Kind;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests that each break one rule of a contract, made by walking it: a new operation is met by all of them. */
public final class BrokenRequests {

    private static final String METHODS =
            "GET POST PUT DELETE PATCH TRACE PROPFIND MOVE LOCK PURGE SEARCH get Post X GETGET";
    private static final String MEDIA_TYPES =
            "text/plain application/xml application/x-www-form-urlencoded application/octet-stream"
                    + " application/yaml application/jsonx text/json application/vnd.api+xml message/http"
                    + " json application / application/ /json ; application;json \"\"";
    private static final String NUMBERS =
            "-1 1.5 1e400 1e2 0x10 １ one 1,2 --1 ∞ true null [] 4294967296 9223372036854775807"
                    + " 1000000000000000000000000000000";
    private static final List<String> TOKENS =
            List.of("Bearer", "Bearer ", "Bearer a.b.c", "Bearer ....", "Basic dXNlcjpwYXNz", "x", "Bearer \u00ff");
    private static final List<String> ESCAPED = List.of("%00", "a%00b", "%ff", "%c0%80", "%ed%a0%80", "%e5%ae", "%80");
    // Longer addresses are another matter: 431.
    private static final int SHORT_ENOUGH = 3_500;

    private final Contract contract;
    private final Random random;
    private final Function<List<String>, String> token;
    private final Map<String, String> known;
    private final Examples examples;
    private final RightRequests rightRequests;
    private final BrokenValues values;
    private final RequestRules rules;
    private final List<BrokenRequest> all = new ArrayList<>();

    /**
     * @param token makes an access token of roles
     * @param known a right value for a path parameter by its name
     */
    public BrokenRequests(
            Contract contract, long seed, Function<List<String>, String> token, Map<String, String> known) {
        this.contract = contract;
        this.random = new Random(seed);
        this.token = token;
        this.known = known;
        this.examples = new Examples(contract);
        this.rightRequests = new RightRequests(contract, token, known);
        this.values = new BrokenValues(contract, random);
        this.rules = new RequestRules(contract);
    }

    public List<BrokenRequest> all() {
        if (all.isEmpty()) {
            contract.operations().forEach(this::add);
            contract.operations().stream().map(Operation::path).distinct().forEach(this::addresses);
        }
        return all;
    }

    private void add(Operation operation) {
        Draft right = rightRequests.of(operation);
        if (!rules.broken(right.request()).isEmpty()) {
            throw new IllegalStateException(operation + " has no right example: " + rules.broken(right.request()));
        }
        Consumer<BrokenRequest> out = all::add;
        for (Map.Entry<String, JsonNode> body : operation.bodies().entrySet()) {
            if (Values.isJson(body.getKey())) {
                new BrokenBodies(contract, random, out)
                        .of(right, body.getValue().path("schema"), examples.of(body.getValue()));
            }
        }
        headers(operation, right);
        query(operation, right);
        path(operation, withToken(right));
        mediaTypes(operation, right);
        tokens(operation, right);
    }

    /** Where no token is needed there is but one address: next to it everything is 401 without one. */
    private Draft withToken(Draft right) {
        return right.headers().containsKey("Authorization")
                ? right
                : right.header("Authorization", "Bearer " + token.apply(List.of("liveness")));
    }

    private void headers(Operation operation, Draft right) {
        for (JsonNode parameter : operation.parameters("header")) {
            String name = parameter.path("name").asText();
            judged(Kind.HEADER, name + " missing", right.header(name));
            judged(Kind.HEADER, name + " twice", right.header(name, "first", "second"));
            for (String text : values.texts(contract.resolve(parameter.path("schema")))) {
                if (text.chars().allMatch(c -> c >= 0x20 && c < 0x7f) && text.equals(text.strip())) {
                    judged(Kind.HEADER, name, right.header(name, text));
                }
            }
            for (int i = 0; i < 60; i++) {
                char wrong = (char) (0x80 + random.nextInt(0x80));
                String at = values.word(random.nextInt(10)) + (i % 3 == 0 ? ' ' : wrong) + values.word(3);
                judged(Kind.HEADER, name + " of other characters", right.header(name, at.strip()));
            }
        }
    }

    private void query(Operation operation, Draft right) {
        for (JsonNode parameter : operation.parameters("query")) {
            String name = parameter.path("name").asText();
            Draft without = right.target(right.target().replaceAll("[?&]" + name + "=[^&]*", ""));
            JsonNode schema = contract.resolve(parameter.path("schema"));
            List<String> texts = new ArrayList<>(values.texts(schema));
            if (schema.path("type").asText().matches("integer|number|boolean")) {
                texts.addAll(List.of(NUMBERS.split(" ")));
                texts.add("" + (schema.path("maximum").asLong(0) + 1));
                texts.add("" + (schema.path("minimum").asLong(0) - 1));
            }
            texts.stream()
                    .map(Draft::escaped)
                    .filter(text -> text.length() < SHORT_ENOUGH)
                    .forEach(text -> judged(Kind.QUERY, name, without.query(name, text)));
            if (operation.roles().isEmpty()) {
                // What a browser brings along may be anything: it is left out, and the person goes on.
                continue;
            }
            ESCAPED.forEach(text -> add(Kind.QUERY, name + " in no UTF-8, or NUL", without.query(name, text)));
            String example = Draft.escaped(examples.of(parameter).asText());
            add(Kind.QUERY, name + " twice", without.query(name, example, example));
            if (name.equals("pageToken")) {
                for (int i = 0; i < 80; i++) {
                    String token = i % 2 == 0
                            ? values.word(random.nextInt(60))
                            : Draft.escaped(Base64.getEncoder().encodeToString(bytes(random.nextInt(40))));
                    add(Kind.QUERY, "a page token of our own", without.query(name, token));
                }
            }
        }
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private void path(Operation operation, Draft right) {
        for (JsonNode parameter : operation.parameters("path")) {
            String name = parameter.path("name").asText();
            String value = known.getOrDefault(name, examples.of(parameter).asText());
            List<String> texts = new ArrayList<>();
            values.texts(contract.resolve(parameter.path("schema"))).stream()
                    .map(Draft::escaped)
                    .filter(text -> text.length() < SHORT_ENOUGH)
                    .forEach(texts::add);
            for (String ending : List.of("x", "%00", "%20", "%2f", ";a=b")) {
                texts.add(value + ending);
            }
            texts.addAll(List.of("1", "null", "x" + value, value.substring(1), "%2e%2e%2f", "x".repeat(1_000)));
            texts.addAll(ESCAPED);
            for (String text : texts) {
                if (!text.isBlank() && !text.equals("%20")) {
                    Draft wrong = right.target(
                            right.target().replaceFirst(Pattern.quote(value), Matcher.quoteReplacement(text)));
                    judged(Kind.PATH, name, wrong);
                }
            }
        }
    }

    private void mediaTypes(Operation operation, Draft right) {
        if (operation.bodies().isEmpty()) {
            return;
        }
        for (String type : MEDIA_TYPES.split(" ")) {
            if (operation.bodies().keySet().stream().noneMatch(body -> Values.matches(body, type))) {
                add(Kind.CONTENT_TYPE, "Content-Type", right.header("Content-Type", type));
            }
        }
        if (operation.needsBody()) {
            add(Kind.CONTENT_TYPE, "no Content-Type", right.header("Content-Type"));
        }
    }

    private void tokens(Operation operation, Draft right) {
        if (operation.roles().isEmpty()) {
            return;
        }
        String given = right.headers().get("Authorization").get(0);
        add(Kind.TOKEN, "no token", right.header("Authorization"));
        TOKENS.forEach(wrong -> add(Kind.TOKEN, "another token", right.header("Authorization", wrong)));
        for (int i = 0; i < 10; i++) {
            int at = "Bearer ".length() + random.nextInt(given.length() - "Bearer ".length() - 2);
            char other = given.charAt(at) == 'A' ? 'B' : 'A';
            add(
                    Kind.TOKEN,
                    "a changed token",
                    right.header("Authorization", given.substring(0, at) + other + given.substring(at + 1)));
        }
    }

    /** What is not in the contract: other methods of its paths, and other paths. */
    private void addresses(String template) {
        Operation any = contract.operations().stream()
                .filter(operation -> operation.path().equals(template))
                .findFirst()
                .orElseThrow();
        Draft right = withToken(rightRequests.of(any).body(new byte[0]));
        String path = right.target().split("\\?")[0];
        for (String method : METHODS.split(" ")) {
            if (contract.operation(method, path).isEmpty()) {
                add(Kind.METHOD, "another method", right.method(method).target(path));
            }
        }
        List<String> others = new ArrayList<>();
        for (String ending : List.of("/x", "x", ".json", "%2f", "%00", "%ff")) {
            others.add(path + ending);
        }
        for (String beginning : List.of("/v2/", "/v1/v1/", "/v1x/", "/V1/", "/api/v1/")) {
            others.add(path.replace("/v1/", beginning));
        }
        others.add("/v1/" + values.word(8));
        for (int i = 0; i < 5; i++) {
            int at = "/v1/".length() + random.nextInt(path.length() - "/v1/".length());
            others.add(path.substring(0, at) + (char) ('0' + random.nextInt(10)) + path.substring(at));
        }
        for (String other : others) {
            for (String method : List.of("GET", "POST", "DELETE")) {
                if (contract.operation(method, other).isEmpty()) {
                    add(Kind.ADDRESS, "another address", right.method(method).target(other));
                }
            }
        }
    }

    private void judged(Kind kind, String rule, Draft draft) {
        if (!rules.broken(draft.request()).isEmpty()) {
            add(kind, rule, draft);
        }
    }

    private void add(Kind kind, String rule, Draft draft) {
        all.add(BrokenRequest.of(kind, rule, draft));
    }
}

package io.liveness.gateway.testsupport.contract;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.testsupport.contract.Exchange.Answer;
import io.liveness.gateway.testsupport.contract.Exchange.Request;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The judge accepts only answers that the contract documents. */
class JudgeTest {

    private static final String CONTRACT = """
            openapi: 3.1.0
            components:
              schemas:
                Id: {type: string, format: uuid}
                Shop:
                  type: object
                  required: [id, colour, size]
                  properties:
                    id: {$ref: '#/components/schemas/Id', description: Of the shop.}
                    colour: {type: string, enum: [RED, GREEN]}
                    size: {type: integer, minimum: 1}
                    opened: {type: string, format: date-time}
                    name: {type: [string, 'null'], maxLength: 3}
                    tags: {type: object, additionalProperties: {type: string}}
                    owner: {type: object, properties: {name: {type: string}}}
                Order:
                  type: object
                  additionalProperties: false
                  required: [colour]
                  properties:
                    colour: {type: string, description: One of ours.}
                    size: {type: integer}
                Problem:
                  type: object
                  required: [status, code, requestId]
                  properties:
                    status: {type: integer}
                    code: {type: string}
                    requestId: {type: string}
                    errors: {type: array, items: {type: object, properties: {field: {type: string}}}}
              responses:
                Bad:
                  description: Bad
                  content: {application/problem+json: {schema: {$ref: '#/components/schemas/Problem'}}}
            paths:
              /shops/{id}:
                post:
                  parameters:
                    - {name: id, in: path, required: true, schema: {$ref: '#/components/schemas/Id'}}
                    - {name: page, in: query, schema: {type: integer, maximum: 5}}
                    - {name: Key, in: header, required: true, schema: {type: string, pattern: '^[a-z]+$'}}
                  requestBody:
                    required: true
                    content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
                  responses:
                    '201':
                      description: Made
                      headers:
                        Location: {required: true, schema: {type: string}}
                        Count: {schema: {type: integer}}
                      content: {application/json: {schema: {$ref: '#/components/schemas/Shop'}}}
                    '204': {description: Nothing}
                    '400': {$ref: '#/components/responses/Bad'}
            """;

    private static final String ID = "01a20e70-ee0e-7449-8b6f-e9321188cda6";
    private static final String SHOP =
            "{'id':'" + ID + "','colour':'RED','size':1,'name':'abc','tags':{'a':'b'},'owner':{'name':'x'}}";
    private static final String BAD = "{'status':400,'code':'bad','requestId':'r1','errors':[{'field':'colour'}]}";
    private static final Map<String, String> MADE =
            Map.of("X-Request-Id", "r1", "Location", "/", "Content-Type", "application/json;charset=UTF-8");
    private static final Map<String, String> REFUSED =
            Map.of("X-Request-Id", "r1", "Content-Type", "application/problem+json");

    private final Judge judge = new Judge(Contract.of(CONTRACT));

    @Test
    void an_answer_as_documented_passes() {
        assertThatCode(() -> judge.judge(request("{'colour':'RED'}"), answer(201, MADE, SHOP)))
                .doesNotThrowAnyException();
        assertThatCode(() -> judge.judge(request("{'colour':'RED'}"), answer(204, Map.of("X-Request-Id", "r1"), "")))
                .doesNotThrowAnyException();
    }

    @Test
    void a_refusal_as_documented_passes() {
        assertThatCode(() -> judge.judge(request("{}"), answer(400, REFUSED, BAD)))
                .doesNotThrowAnyException();
    }

    @Test
    void a_refusal_by_a_rule_in_words_passes() {
        assertThatCode(() -> judge.judge(request("{'colour':'x'}"), answer(400, REFUSED, BAD)))
                .doesNotThrowAnyException();
    }

    @Test
    void an_unknown_path_may_be_a_problem() {
        Request elsewhere = new Request("GET", "/nowhere", Map.of(), new byte[0]);

        assertThatCode(() -> judge.judge(elsewhere, answer(404, REFUSED, BAD.replace("400", "404"))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> judge.judge(elsewhere, answer(404, REFUSED, "{}")))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> judge.judge(elsewhere, answer(200, MADE, SHOP)))
                .isInstanceOf(AssertionError.class);
    }

    static Stream<Arguments> departures() {
        return Stream.of(
                Arguments.of("a wrong type", 201, MADE, SHOP.replace("1,", "'1',")),
                Arguments.of("a missing field", 201, MADE, SHOP.replace("'colour':'RED',", "")),
                Arguments.of("a wrong enum", 201, MADE, SHOP.replace("RED", "BLUE")),
                Arguments.of("a wrong format", 201, MADE, SHOP.replace(ID, "1")),
                Arguments.of("an unknown field", 201, MADE, SHOP.replace("{'id'", "{'more':1,'id'")),
                Arguments.of("no JSON", 201, MADE, "{"),
                Arguments.of("a body where none is", 204, MADE, "x"),
                Arguments.of("an undocumented status", 200, MADE, SHOP),
                Arguments.of("another content type", 201, with(MADE, "Content-Type", "text/plain"), SHOP),
                Arguments.of("a missing header", 201, with(MADE, "Location", null), SHOP),
                Arguments.of("a wrong header", 201, with(MADE, "Count", "many"), SHOP),
                Arguments.of("no request id", 201, with(MADE, "X-Request-Id", null), SHOP),
                Arguments.of("an error in plain JSON", 400, with(REFUSED, "Content-Type", "application/json"), BAD),
                Arguments.of("a problem of another status", 400, REFUSED, BAD.replace("400", "401")),
                Arguments.of("a rule that is not told", 400, REFUSED, BAD.replace("colour", "size")),
                Arguments.of("a refusal for no reason", 400, REFUSED, BAD.replace("{'field':'colour'}", "")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("departures")
    void a_departure_is_found(String departure, int status, Map<String, String> headers, String body) {
        assertThatThrownBy(() -> judge.judge(request("{'colour':'RED'}"), answer(status, headers, body)))
                .isInstanceOf(AssertionError.class);
    }

    static Stream<Arguments> wrongRequests() {
        String right = "/shops/" + ID;
        return Stream.of(
                Arguments.of(right, "{}", "key", "application/json"),
                Arguments.of(right, "{'colour':1}", "key", "application/json"),
                Arguments.of(right, "{'colour':'RED','more':1}", "key", "application/json"),
                Arguments.of(right, "{'colour':'RED','colour':'RED'}", "key", "application/json"),
                Arguments.of(right, "", "key", "application/json"),
                Arguments.of(right, "{'colour':'RED'}", "", "application/json"),
                Arguments.of(right, "{'colour':'RED'}", "key", "text/plain"),
                Arguments.of(right + "?page=6", "{'colour':'RED'}", "key", "application/json"),
                Arguments.of(right + "?page=1&page=2", "{'colour':'RED'}", "key", "application/json"),
                Arguments.of("/shops/1", "{'colour':'RED'}", "key", "application/json"));
    }

    @ParameterizedTest
    @MethodSource("wrongRequests")
    void a_wrong_request_must_not_be_taken(String target, String body, String key, String contentType) {
        Request wrong = new Request(
                "POST",
                target,
                with(with(Map.of(), "Key", key.isEmpty() ? null : key), "Content-Type", contentType).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue()))),
                bytes(body));

        assertThatThrownBy(() -> judge.judge(wrong, answer(201, MADE, SHOP))).isInstanceOf(AssertionError.class);
        assertThatCode(() -> judge.judge(wrong, answer(400, REFUSED, BAD))).doesNotThrowAnyException();
    }

    private static Request request(String body) {
        return new Request(
                "POST",
                "/shops/" + ID,
                Map.of("Key", List.of("key"), "Content-Type", List.of("application/json")),
                bytes(body));
    }

    private static Answer answer(int status, Map<String, String> headers, String body) {
        Map<String, List<String>> all = new HashMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        return new Answer(status, all, bytes(body));
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> changed = new HashMap<>(headers);
        changed.remove(name);
        if (value != null) {
            changed.put(name, value);
        }
        return changed;
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}

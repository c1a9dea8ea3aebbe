package io.liveness.gateway.testsupport.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.testsupport.http.RawAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge accepts only what the contract documents. */
class JudgeTest {

    private static final String CONTRACT = """
            openapi: 3.1.0
            components:
              schemas:
                Problem:
                  type: object
                  properties:
                    status: {type: integer}
                    requestId: {type: string}
                    errors: {type: array, items: {type: object, properties: {field: {type: string}}}}
            paths:
              /shops:
                post:
                  requestBody:
                    required: true
                    content:
                      application/json:
                        schema:
                          type: object
                          required: [colour]
                          properties: {colour: {type: string, description: One of ours.}, size: {type: integer}}
                  responses:
                    '201':
                      headers: {Location: {required: true, schema: {type: string}}}
                      content:
                        application/json:
                          schema:
                            type: object
                            required: [colour]
                            properties: {colour: {type: string, enum: [RED, GREEN]}}
                    '400': {content: {application/problem+json: {schema: {$ref: '#/components/schemas/Problem'}}}}
            """;

    private final Judge judge = new Judge(Contract.of(CONTRACT));

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            as documented               | {"colour":"RED"}  | 201 | {"colour":"RED"}
            a rule in words             | {"colour":"x"}    | 400 | {"status":400,"requestId":"r1","errors":[{"field":"colour"}]}
            a broken request is refused | {}                | 400 | {"status":400,"requestId":"r1","errors":[]}
            """)
    void what_is_documented_passes(String what, String sent, int status, String body) {
        judge.judge(request(sent), answer(status, "r1", body));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a wrong value             | {"colour":"RED"} | 201 | r1 | {"colour":"BLUE"}
            a missing field           | {"colour":"RED"} | 201 | r1 | {}
            an unknown field          | {"colour":"RED"} | 201 | r1 | {"colour":"RED","more":1}
            no JSON                   | {"colour":"RED"} | 201 | r1 | {
            an undocumented status    | {"colour":"RED"} | 200 | r1 | {"colour":"RED"}
            no request id             | {"colour":"RED"} | 201 | `` | {"colour":"RED"}
            a problem of another status | {"colour":"RED"} | 400 | r1 | {"status":401,"requestId":"r1","errors":[{"field":"colour"}]}
            a rule that is not told   | {"colour":"RED"} | 400 | r1 | {"status":400,"requestId":"r1","errors":[{"field":"size"}]}
            a refusal for no reason   | {"colour":"RED"} | 400 | r1 | {"status":400,"requestId":"r1","errors":[]}
            a broken request is taken | {}               | 201 | r1 | {"colour":"RED"}
            """)
    void a_departure_is_found(String departure, String sent, int status, String requestId, String body) {
        assertThatThrownBy(() -> judge.judge(request(sent), answer(status, requestId, body)))
                .isInstanceOf(AssertionError.class);
    }

    private static Request request(String body) {
        return new Request("POST", "/shops", Map.of("Content-Type", List.of("application/json")), bytes(body));
    }

    private static RawAnswer answer(int status, String requestId, String body) {
        String type = status < 400 ? "application/json" : "application/problem+json";
        Map<String, List<String>> headers =
                Map.of("X-Request-Id", List.of(requestId), "Location", List.of("/"), "Content-Type", List.of(type));
        return new RawAnswer(status, headers, body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.contract.ContractChanges.Change;
import io.liveness.gateway.testsupport.contract.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes that break clients and changes that do not, each made to a small contract. */
class ContractChangesTest {

    private static final String CONTRACT = read();

    /** @param found as {@link Change} shows it */
    private record Row(String from, String to, String... found) {

        @Override
        public String toString() {
            return found.length == 0 ? "nothing for " + to : String.join(" & ", found);
        }
    }

    @Test
    void the_same_contract_has_no_changes() {
        assertThat(ContractChanges.between(Contract.of(CONTRACT), Contract.of(CONTRACT)))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"operations", "requests", "responses", "harmless"})
    void the_change_is_found(Row row) {
        assertThat(CONTRACT.split(Pattern.quote(row.from), -1))
                .as("found once: %s", row.from)
                .hasSize(2);

        assertThat(ContractChanges.between(Contract.of(CONTRACT), Contract.of(CONTRACT.replace(row.from, row.to))))
                .extracting(Change::toString)
                .containsExactly(row.found);
    }

    static Stream<Row> operations() {
        return Stream.of(
                new Row("    get:\n", "    put:\n", "! GET /v1/orders: removed", "+ PUT /v1/orders: added"),
                new Row(
                        "  /v1/orders:",
                        "  /v2/orders:",
                        "! POST /v1/orders: removed",
                        "! GET /v1/orders: removed",
                        "+ POST /v2/orders: added",
                        "+ GET /v2/orders: added"),
                new Row(
                        "listOrders",
                        "findOrders",
                        "! GET /v1/orders: operationId changed, the method of generated clients"),
                new Row("listOrders", "listOrders\n      deprecated: true", "+ GET /v1/orders: deprecated"),
                new Row(
                        "listOrders",
                        "listOrders\n      security: [{ bearer: [manager, clerk, owner] }]",
                        "! GET /v1/orders: asks for other security: [{\"bearer\":[\"manager\",\"clerk\",\"owner\"]}],"
                                + " was [{\"bearer\":[\"clerk\",\"manager\"]}]"),
                new Row(
                        "listOrders",
                        "listOrders\n      security: [{ basic: [] }, { bearer: [clerk] }]",
                        "+ GET /v1/orders: asks for less security"));
    }

    static Stream<Row> requests() {
        return Stream.of(
                new Row(
                        "        - name: pageSize",
                        "        - { name: shop, in: query, required: true, schema: { type: string } }\n        - name: pageSize",
                        "! GET /v1/orders, query shop: added, and required"),
                new Row(
                        "          in: query\n",
                        "          in: query\n          required: true\n",
                        "! GET /v1/orders, query pageSize: required now"),
                new Row(
                        "^[!-~]+$",
                        "^[a-z]+$",
                        "! POST /v1/orders, header idempotency-key: pattern is \"^[a-z]+$\", was \"^[!-~]+$\""),
                new Row("maximum: 500", "maximum: 100", "! GET /v1/orders, query pageSize: maximum is 100, was 500"),
                new Row("      required:\n        - goods\n", "", "+ POST /v1/orders, body .goods: optional now"),
                new Row(
                        "        - goods\n      properties:\n",
                        "        - goods\n        - shop\n      properties:\n        shop: { type: string }\n",
                        "! POST /v1/orders, body .shop: added, and required"),
                new Row(
                        "[BREAD, CAKE]",
                        "[BREAD]",
                        "! POST /v1/orders, body .goods[]: enum is [BREAD], was [BREAD, CAKE]"),
                new Row(
                        "[BREAD, CAKE]",
                        "[BREAD, CAKE, PIE]",
                        "+ POST /v1/orders, body .goods[]: enum is [BREAD, CAKE, PIE], was [BREAD, CAKE]"),
                new Row(
                        "\n          maxLength: 32",
                        "",
                        "+ POST /v1/orders, body .title: maxLength is not said, was 32"),
                new Row(
                        "additionalProperties: false\n",
                        "additionalProperties: true\n",
                        "+ POST /v1/orders, body: additionalProperties is true, was false"),
                new Row(
                        "maxLength: 32",
                        "maxLength: 32\n          contentEncoding: base64",
                        "! POST /v1/orders, body .title: contentEncoding is \"base64\", was not said"),
                new Row(
                        "required: true\n        content:\n          application/json",
                        "required: true\n        content:\n          application/xml",
                        "! POST /v1/orders, body, application/json: removed",
                        "+ POST /v1/orders, body, application/xml: added"));
    }

    static Stream<Row> responses() {
        return Stream.of(
                new Row("\"404\":", "\"410\":", "! POST /v1/orders, 404: removed", "+ POST /v1/orders, 410: added"),
                new Row(
                        "              required: true\n",
                        "",
                        "! POST /v1/orders, 201, header Location: may be missing now"),
                twice("        - id\n", "", "! .id: optional now"),
                twice("[OPEN, SENT]", "[OPEN, SENT, LOST]", "! .state: enum is [OPEN, SENT, LOST], was [OPEN, SENT]"),
                twice("type: [string]", "type: [string, \"null\"]", "! .note: type is [string, null], was [string]"));
    }

    static Stream<Row> harmless() {
        return Stream.of(
                new Row("description: Its number", "description: Its only number"),
                new Row("name: Idempotency-Key", "name: idempotency-key"),
                twice("        note:\n", "        shop: { type: string }\n        note:\n", "+ .shop: added"),
                twice("        - state\n", "        - state\n        - note\n", "+ .note: required now"));
    }

    /** A change to what both operations answer with: what is found, told without its place. */
    private static Row twice(String from, String to, String... found) {
        return new Row(
                from,
                to,
                Stream.of("POST /v1/orders, 201", "GET /v1/orders, 200[]")
                        .flatMap(
                                place -> Stream.of(found).map(what -> what.charAt(0) + " " + place + what.substring(1)))
                        .toArray(String[]::new));
    }

    private static String read() {
        try {
            return Files.readString(Path.of("src", "test", "resources", "contract", "shop.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

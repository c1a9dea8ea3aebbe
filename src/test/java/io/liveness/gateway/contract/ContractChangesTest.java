package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.contract.ContractChanges.Change;
import io.liveness.gateway.testsupport.contract.Contract;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes that break clients and changes that do not, each made to a small contract. */
class ContractChangesTest {

    private static final String CONTRACT = """
            openapi: 3.1.0
            info: {title: shop, version: 1.4.2}
            paths:
              /orders:
                post:
                  operationId: placeOrder
                  security: [{bearer: [clerk, manager]}]
                  parameters:
                    - {name: Key, in: header, required: true, schema: {type: string, pattern: '^[!-~]+$'}}
                    - {name: pageSize, in: query, schema: {type: integer, maximum: 500}}
                  requestBody:
                    required: true
                    content: {application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}}
                  responses:
                    '201':
                      headers: {Location: {required: true, schema: {type: string}}}
                      content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
                    '404': {description: None}
            components:
              schemas:
                NewOrder:
                  type: object
                  additionalProperties: false
                  required: [goods]
                  properties:
                    goods: {type: array, items: {type: string, enum: [BREAD, CAKE]}}
                    title: {type: string, maxLength: 32}
                Order:
                  type: object
                  required: [id]
                  properties:
                    id: {type: string, description: Its number}
                    state: {type: string, enum: [OPEN, SENT]}
                    note: {type: [string]}
                    parts: {type: array, items: {$ref: '#/components/schemas/Order'}}
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            post:                       | put:                                | ! POST /orders: removed
            placeOrder                  | order                               | ! POST /orders: operationId is order, was placeOrder
            [clerk, manager]            | [clerk]                             | ! POST /orders: role manager removed
            [clerk, manager]            | [clerk, manager, owner]             | + POST /orders: role owner added
            '404'                       | '410'                               | ! POST /orders, 404: removed
            in: query,                  | in: query, required: true,          | ! POST /orders, query pageSize: required added
            ^[!-~]+$                    | ^[a-z]+$                            | ! POST /orders, header key: pattern is ^[a-z]+$, was ^[!-~]+$
            maximum: 500                | maximum: 100                        | ! POST /orders, query pageSize: maximum is 100, was 500
            maxLength: 32               | maxLength: 64                       | + POST /orders, body, application/json .title: maxLength is 64, was 32
            {type: string, maxLength: 32} | {type: string}                    | + POST /orders, body, application/json .title: maxLength removed
            [goods]                     | [goods, title]                      | ! POST /orders, body, application/json .title: required added
            [BREAD, CAKE]               | [BREAD]                             | ! POST /orders, body, application/json .goods[]: enum CAKE removed
            [BREAD, CAKE]               | [BREAD, CAKE, PIE]                  | + POST /orders, body, application/json .goods[]: enum PIE added
            additionalProperties: false | additionalProperties: true          | + POST /orders, body, application/json: no other properties removed
            {Location: {required: true, | {Location: {                        | ! POST /orders, 201, header Location: required removed
            required: [id]              | required: []                        | ! POST /orders, 201, application/json .id: required removed
            required: [id]              | required: [id, note]                | + POST /orders, 201, application/json .note: required added
            [OPEN, SENT]                | [OPEN, SENT, LOST]                  | ! POST /orders, 201, application/json .state: enum LOST added
            type: [string]              | type: [string, 'null']              | ! POST /orders, 201, application/json .note: type null added
            parts:                      | pieces:                             | ! POST /orders, 201, application/json .parts: removed
            Its number                  | Its only number                     | `nothing`
            """)
    void the_change_is_found(String from, String to, String found) {
        assertThat(CONTRACT.split(Pattern.quote(from), -1)).hasSize(2);

        List<String> changes =
                ContractChanges.between(Contract.of(CONTRACT), Contract.of(CONTRACT.replace(from, to))).stream()
                        .map(Change::toString)
                        .toList();
        if (found.equals("nothing")) {
            assertThat(changes).isEmpty();
        } else {
            assertThat(changes).contains(found);
        }
    }
}

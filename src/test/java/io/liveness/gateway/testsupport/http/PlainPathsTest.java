package io.liveness.gateway.testsupport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.builder.ResponseBuilder;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainPathsTest {

    private static final Response ANSWER = new ResponseBuilder()
            .setStatusCode(200)
            .setContentType("application/json")
            .setBody("""
                    {"id": "a", "count": 2, "none": null, "charge": {"taskNo": "t", "amount": {"value": "0.80"}},
                     "words": {"实扣": "CHARGED"}, "items": [{"type": "X", "data": {"n": 1}}, {"type": "Y", "data": {}}],
                     "gaps": [null, {"type": "Z"}]}
                    """)
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id",
                "count",
                "none",
                "missing",
                "charge.amount.value",
                "charge.missing",
                "missing.value",
                "words.实扣",
                "items",
                "items.type",
                "items.data.n",
                "items[1].type",
                "items[-1].type",
                "items[9]",
                "items.size()",
                "gaps.type",
                "$",
                "",
                "items.findAll { it.type == 'Y' }.type",
            })
    void a_path_has_the_value_that_rest_assured_gives(String path) {
        Object value = PlainPaths.of(ANSWER).path(path);

        assertThat(value).isEqualTo((Object) ANSWER.path(path));
        assertThat((Object) PlainPaths.of(ANSWER).then().extract().path(path)).isEqualTo(value);
    }

    @Test
    void each_assertion_of_a_chain_is_made_and_its_failure_shows_the_body() {
        ValidatableResponse answer =
                PlainPaths.of(ANSWER).then().statusCode(200).body("id", equalTo("a"), "count", equalTo(2));

        assertThatThrownBy(() -> answer.body("id", equalTo("b")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("\"taskNo\"");
        assertThatThrownBy(() -> answer.body("id", equalTo("a"), "count", equalTo(3)))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> answer.statusCode(201))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("\"taskNo\"");
    }

    @Test
    void a_value_has_no_properties() {
        assertThatThrownBy(() -> PlainPaths.of(ANSWER).path("id.missing")).isInstanceOf(AssertionError.class);
    }
}

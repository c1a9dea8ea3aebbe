package io.liveness.gateway.vendor.jumdata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.jumdata.VendorCall.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {

    private static Reply.JsonReply read(String body) {
        return Reply.Reader.read(body.getBytes(UTF_8)).orElseThrow();
    }

    @Test
    void the_vendors_sample_of_init_is_read() {
        Reply.JsonReply answer = read("""
                { "code": 200, "msg": "成功", "taskNo": "043439882226367117195632", "charge": true,
                  "data": { "token": "xxx", "checkUrl": "https://api-h5.jumdata.com/capture.html?token=e146" } }
                """);

        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.message()).isEqualTo("成功");
        assertThat(answer.taskNo()).contains("043439882226367117195632");
        assertThat(answer.charge()).isEqualTo(BillingFlag.BILLED);
        assertThat(answer.token()).contains("xxx");
        assertThat(answer.checkUrl()).contains("https://api-h5.jumdata.com/capture.html?token=e146");
    }

    @Test
    void the_vendors_sample_with_a_comma_behind_the_last_field_is_read() {
        Reply.JsonReply answer = read("""
                { "code": 201, "msg": "未查询到检测结果", "taskNo": "043439882226367117195632", }
                """);

        assertThat(answer.code()).isEqualTo(201);
        assertThat(answer.charge()).isEqualTo(BillingFlag.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":202,\"msg\":\"m\"}",
                "{\"code\":\"202\",\"msg\":\"m\"}",
                "{\"code\":202,\"message\":\"m\"}",
                "{\"code\":202,\"msg\":null,\"message\":\"m\"}",
                "\uFEFF{\"code\":202,\"msg\":\"m\"}",
                " \r\n\t{\"code\":202,\"msg\":\"m\"}\n\n",
                "{\"code\":202,\"msg\":\"m\",\"data\":null,\"charge\":null,\"taskNo\":null}",
                "{\"code\":202,\"msg\":\"m\",\"data\":\"\"}",
                "{\"code\":202,\"msg\":\"m\",\"data\":[]}",
                "{\"code\":202,\"msg\":\"m\",\"new\":{\"deep\":[1,{}]},\"other\":1.5}"
            })
    void these_answers_are_equal(String body) {
        Reply.JsonReply answer = read(body);

        assertThat(answer.code()).isEqualTo(202);
        assertThat(answer.message()).isEqualTo("m");
        assertThat(answer.charge()).isEqualTo(BillingFlag.ABSENT);
        assertThat(answer.taskNo()).isEmpty();
        assertThat(answer.token()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "true, BILLED",
        "false, NOT_BILLED",
        "null, ABSENT",
        "'\"true\"', BILLED",
        "'\"false\"', NOT_BILLED",
        "'\"maybe\"', UNCLEAR",
        "'\"\"', UNCLEAR",
        "1, UNCLEAR",
        "{}, UNCLEAR",
    })
    void charge_is_read_as(String json, BillingFlag flag) {
        assertThat(read("{\"code\":200,\"charge\":" + json + "}").charge()).isEqualTo(flag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"  \"", "null", "{}", "[\"a\"]", "17", "true"})
    void a_token_or_address_that_is_not_a_text_counts_as_missing(String json) {
        Reply.JsonReply answer = read(
                "{\"code\":200,\"data\":{\"token\":%1$s,\"checkUrl\":%1$s,\"faceImageUrl\":%1$s}}".formatted(json));

        assertThat(answer.token()).isEmpty();
        assertThat(answer.checkUrl()).isEmpty();
        assertThat(answer.faceImageUrl()).isEmpty();
    }

    @Test
    void a_broken_byte_in_a_text_does_not_cost_the_token() {
        byte[] body = "{\"code\":200,\"msg\":\"x\",\"data\":{\"token\":\"t\"}}".getBytes(UTF_8);
        body[new String(body, UTF_8).indexOf("\"x\"") + 1] = (byte) 0xB3;

        assertThat(Reply.Reader.read(body).orElseThrow().token()).contains("t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "null",
                "200",
                "\"200\"",
                "[]",
                "[{\"code\":200}]",
                "{}",
                "<html><body>502 Bad Gateway</body></html>",
                "{\"code\":200,\"charge\":tr",
                "{\"code\":200,\"data\":{\"token\":\"t\"",
                "{\"code\":200} trailing",
                "{\"code\":200}{\"code\":400}",
                "{\"code\":400,\"code\":200}",
                "{\"code\":400,\"charge\":false,\"charge\":true}",
                "{\"msg\":\"ok\"}",
                "{\"code\":null}",
                "{\"code\":\"\"}",
                "{\"code\":\"ok\"}",
                "{\"code\":200.5}",
                "{\"code\":2e2}",
                "{\"code\":true}",
                "{\"code\":[200]}",
                "{\"code\":{\"value\":200}}",
                "{\"code\":12345678901234567890}",
                "{\"Code\":200}",
                "{\"result\":{\"code\":200}}"
            })
    void this_is_not_the_vendors_json(String body) {
        assertThat(Reply.Reader.read(body.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void neither_token_nor_addresses_are_shown_when_an_answer_is_printed() {
        Reply.JsonReply answer = read(
                "{\"code\":200,\"data\":{\"token\":\"secret1\",\"checkUrl\":\"secret2\",\"faceImageUrl\":\"secret3\"}}");

        assertThat(answer.toString()).doesNotContain("secret");
    }
}

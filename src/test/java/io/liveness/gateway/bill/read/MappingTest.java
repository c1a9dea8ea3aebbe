package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.liveness.gateway.testsupport.Api;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class MappingTest {

    private static final String MAPPINGS = "/v1/statement-mappings";
    private static final String RIGHT = """
            {"columns":{"taskNo":"流水号","time":"时间","status":"状态","count":"数量","price":"单价"},"timeFormats":["yyyy/MM/dd HH:mm"],
             "timeZone":"Asia/Shanghai","statusWords":{"实扣":"CHARGED"},"currency":"CNY","sign":"NEGATIVE","totalWords":["合计"]}""";

    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");

    @Test
    void a_mapping_is_saved_told_listed_and_deleted() {
        String name = "m-" + UUID.randomUUID();

        Response saved = put(name, RIGHT);

        saved.then()
                .statusCode(200)
                .body("name", equalTo(name))
                .body("mapping.columns.price", equalTo("单价"))
                .body("setBy", equalTo(finance.caller()));
        assertThat(finance.request().get(MAPPINGS + "/" + name).<Object>path("$"))
                .isEqualTo(saved.path("$"));
        finance.request()
                .get(MAPPINGS)
                .then()
                .body("items.name", hasItem(name))
                .body("items[0].name", equalTo("default"));
        finance.request().delete(MAPPINGS + "/" + name).then().statusCode(204);
        finance.request().delete(MAPPINGS + "/" + name).then().statusCode(404);
        finance.request().get(MAPPINGS + "/" + name).then().statusCode(404);
    }

    @Test
    void a_new_mapping_takes_the_place_of_no_other() {
        String name = "m-" + UUID.randomUUID();
        Supplier<Response> anew = () -> finance.request()
                .contentType("application/json")
                .header("If-None-Match", "*")
                .body(RIGHT.replace("单价", "价格"))
                .put(MAPPINGS + "/" + name);
        anew.get().then().statusCode(200);
        put(name, RIGHT).then().statusCode(200);

        anew.get()
                .then()
                .statusCode(412)
                .body("code", equalTo("precondition-failed"))
                .body("errors.field", contains("name"))
                .body("errors.code", contains("name-taken"));

        finance.request().get(MAPPINGS + "/" + name).then().body("mapping.columns.price", equalTo("单价"));
        finance.request()
                .contentType("application/json")
                .header("If-None-Match", "\"one\"")
                .body(RIGHT)
                .put(MAPPINGS + "/" + name)
                .then()
                .statusCode(400)
                .body("errors.field", contains("If-None-Match"));
        finance.request().delete(MAPPINGS + "/" + name).then().statusCode(204);
    }

    @Test
    void a_template_has_two_columns_of_the_time_and_no_status_where_the_mapping_says_so() {
        String name = "m-" + UUID.randomUUID();
        put(
                        name,
                        RIGHT.replace("\"status\":\"状态\"", "\"date\":\"日期\"")
                                .replace("\"totalWords\"", "\"status\":\"CHARGED\",\"totalWords\""))
                .then()
                .statusCode(200)
                .body("mapping.status", equalTo("CHARGED"));

        String file = finance.request()
                .get(MAPPINGS + "/" + name + "/template")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        finance.request().delete(MAPPINGS + "/" + name).then().statusCode(204);

        assertThat(file).isEqualTo("\ufeff流水号,日期,时间,数量,单价\r\n043439882226367117195632,2026-11-24,16:00:00,1,-0.80\r\n");
    }

    @Test
    void the_default_mapping_is_configured_and_not_changed_by_the_api() {
        finance.request()
                .get(MAPPINGS + "/default")
                .then()
                .statusCode(200)
                .body("mapping.columns.taskNo", equalTo("taskNo"))
                .body("mapping.statusWords.实扣", equalTo("CHARGED"));

        put("default", RIGHT).then().statusCode(400).body("errors[0].field", equalTo("name"));
        finance.request().delete(MAPPINGS + "/default").then().statusCode(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"price\":\"单价\"                 | \"amount\":\"x\"            | columns",
                ",\"count\":\"数量\",\"price\":\"单价\"   | ''                         | columns",
                "\"taskNo\":\"流水号\",             | ''                         | columns.taskNo",
                "Asia/Shanghai                      | Asia/Nowhere               | timeZone",
                "yyyy/MM/dd HH:mm                   | HH:mm                      | timeFormats[0]",
                "\"status\":\"状态\",                | ''                         | columns.status",
                "\"totalWords\"                       | \"status\":\"CHARGED\",\"totalWords\" | columns.status",
                "\"实扣\":\"CHARGED\"                | ''                         | statusWords",
                "yyyy/MM/dd HH:mm                   | bogus                      | timeFormats[0]",
                "yyyy/MM/dd HH:mm                   | yyyy/MM/dd\\u0000HH:mm       | timeFormats[0]",
                "CNY                                | XYZ                        | currency",
                "\"CHARGED\"                        | \"MAYBE\"                  | statusWords.实扣",
                "NEGATIVE                           | SOMETIMES                  | sign",
                "NEGATIVE                           | NEGATIVE_IS_CHARGE         | columns.status",
                "\"price\":\"单价\"                 | \"price\":\"单价(万元)\"      | columns.price",
                "\"price\":\"单价\"                 | \"price\":\"单价(角)\"        | columns.price",
                "\"price\":\"单价\"                 | \"price\":\"单价(美元)\"      | columns.price",
                "\"price\":\"单价\"                 | \"price\":\"price_usd\"       | columns.price",
                "\"totalWords\"                       | \"unit\":\"FEN\",\"totalWords\" | unit",
                "yyyy/MM/dd HH:mm                   | yyyy-dd-MM HH:mm:ss        | timeFormats[0]",
                "yyyy/MM/dd HH:mm                   | yyyy-MM-dd hh:mm:ss        | timeFormats[0]",
                "yyyy/MM/dd HH:mm                   | yyyy/MM/dd hh:mm           | timeFormats[0]",
                "数量                               | \\u0000                     | columns",
            })
    void a_mapping_that_breaks_a_rule_is_refused_by_its_field(String right, String wrong, String field) {
        put("m-" + UUID.randomUUID(), RIGHT.replace(right, wrong))
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo(field));
    }

    @ParameterizedTest
    @CsvSource({"单价(分), MAJOR, 400", "单价(元), MINOR, 400", "单价(分), MINOR, 200", "单价(元), MAJOR, 200", "单价, MINOR, 200"})
    void the_unit_of_a_mapping_is_the_one_that_its_column_names(String price, String unit, int status) {
        String name = "m-" + UUID.randomUUID();
        Response saved = put(
                name, RIGHT.replace("单价", price).replace("\"totalWords\"", "\"unit\":\"" + unit + "\",\"totalWords\""));

        assertThat(saved.statusCode()).isEqualTo(status);
        if (status == 200) {
            assertThat(saved.<String>path("mapping.unit")).isEqualTo(unit);
            finance.request().delete(MAPPINGS + "/" + name).then().statusCode(204);
        } else {
            saved.then().body("errors.field", contains("columns.price"));
        }
    }

    @Test
    void a_template_has_the_unit_the_currency_and_both_signs() {
        String name = "m-" + UUID.randomUUID();
        put(
                        name,
                        RIGHT.replace("\"status\":\"状态\",", "")
                                .replace("\"单价\"", "\"单价(分)\",\"currency\":\"币种\"")
                                .replace("NEGATIVE", "NEGATIVE_IS_CHARGE"))
                .then()
                .statusCode(200);

        String file = finance.request().get(MAPPINGS + "/" + name + "/template").asString();
        finance.request().delete(MAPPINGS + "/" + name).then().statusCode(204);

        assertThat(file.lines().skip(1))
                .extracting(line -> line.substring(line.indexOf(",1,")))
                .containsExactly(",1,80,CNY", ",1,-80,CNY");
    }

    private Response put(String name, String body) {
        return finance.request().contentType("application/json").body(body).put(MAPPINGS + "/" + name);
    }
}

package io.liveness.gateway.finance.month;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.books.audit.UsedKeys;
import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.testsupport.Api;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.YearMonth;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Months as finance works with them. */
final class PeriodApi {

    static final String PERIODS = "/v1/periods";

    final Api admin = Api.as("admin-" + UUID.randomUUID(), "finance-admin");
    final Api finance = Api.as("finance", "finance");

    ValidatableResponse get(String month) {
        return finance.request().get(PERIODS + "/" + month).then();
    }

    Response close(String month) {
        return post(month, "close", UUID.randomUUID().toString());
    }

    Response post(String month, String act, String key) {
        RequestSpecification request = admin.request().header("Idempotency-Key", key);
        return (act.equals("close") ? request.contentType("application/json").body("{}") : request)
                .post(PERIODS + "/" + month + "/" + act);
    }

    Map<String, Object> closed(String month) {
        return close(month).then().statusCode(200).extract().path("");
    }

    /** What a key of the admin is used for by a close without a body. */
    String use(String month) {
        Actor admin = new Actor(this.admin.caller(), Optional.empty());
        return UsedKeys.subject(YearMonth.parse(month), admin, Optional.empty() + " " + Optional.empty());
    }

    byte[] proof(String month) {
        return finance.request()
                .get(PERIODS + "/" + month + "/proof")
                .then()
                .statusCode(200)
                .contentType("application/x-ndjson")
                .extract()
                .asByteArray();
    }

    List<String> lines(String month) {
        return new String(proof(month), StandardCharsets.UTF_8).lines().toList();
    }

    /** The codes of what stands in the way of a close. */
    List<String> reasons(String month) {
        return close(month)
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .extract()
                .path("reasons.code");
    }

    /** The proof has the month's hash and lines, and its sums are those of the summary. */
    void verify(Map<String, Object> closed) {
        byte[] proof = proof((String) closed.get("month"));
        assertThat(sha256(proof)).isEqualTo(closed.get("hash"));
        assertThat(new String(proof, StandardCharsets.UTF_8).lines().count())
                .isEqualTo(((Number) closed.get("rows")).longValue());
        List<Map<String, Object>> totals = finance.request()
                .queryParam("groupBy", "month")
                .queryParam("from", closed.get("from"))
                .queryParam("to", closed.get("to"))
                .get(Api.CHARGES + "/summary")
                .then()
                .statusCode(200)
                .extract()
                .path("totals");
        assertThat(closed.get("totals")).isEqualTo(totals);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

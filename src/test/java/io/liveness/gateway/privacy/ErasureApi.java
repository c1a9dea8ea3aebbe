package io.liveness.gateway.privacy;

import io.liveness.gateway.testsupport.Api;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.Map;
import java.util.UUID;

/** Sessions with a mark in all that a caller stores with them, and their erasure. */
final class ErasureApi {

    static final String ERASURES = "/v1/erasures";

    private final Api api;
    private final String mark;

    /** @param mark of at most 64 characters, as the reference of sessions */
    ErasureApi(Api api, String mark) {
        this.api = api;
        this.mark = mark;
    }

    /** The key of one session. */
    String key(int nth) {
        return "k" + nth + "-" + mark;
    }

    String body(String scenario) {
        return """
                {"returnUrl": "https://shop.example/%1$s", "title": "sandbox:%2$s", "reference": "%1$s", "metadata": {"order": "%1$s"}}""".formatted(mark, scenario);
    }

    /** The session of a scenario, with the verdict that can be had. */
    String session(int nth, String scenario) {
        Response opened = api.open(key(nth), body(scenario));
        if (opened.statusCode() != 201) {
            return opened.path("sessionId");
        }
        api.check(opened.path("id"));
        return opened.path("id");
    }

    Response start(String key) {
        return start(key, mark);
    }

    Response start(String key, String reference) {
        return api.request()
                .header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(Map.of("reference", reference))
                .post(ERASURES);
    }

    /** The id of a new erasure. */
    String started() {
        return start(UUID.randomUUID().toString())
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    Response get(String erasure) {
        return api.request().get(ERASURES + "/" + erasure);
    }
}

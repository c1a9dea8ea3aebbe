package io.liveness.gateway.platform.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Management;
import io.liveness.gateway.testsupport.http.RawHttp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Values of a request do not become labels, and frequent unknown requests do not hide the series of operations. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class RequestLabelsTest {

    private static final String REQUESTS = "http_server_requests_seconds_count{";
    private static final String MADE_UP = "made-up-";
    private static final int TIMES = 50;
    /** Of six kinds of made-up requests, each with one method and one status or two. */
    private static final int A_HANDFUL = 12;

    private final Api api = Api.asNewCaller();

    @Test
    void three_hundred_made_up_addresses_add_a_handful_of_series_and_operations_are_counted_as_ever()
            throws IOException {
        double readBefore = reads();
        Set<String> before = series();

        for (int i = 0; i < TIMES; i++) {
            String madeUp = MADE_UP + i + "-" + UUID.randomUUID();
            given().get("/" + madeUp).then().statusCode(404);
            given().get("/v1/" + madeUp).then().statusCode(401);
            given().get("/v1/return/" + madeUp + "/1").then().statusCode(401);
            given().get("/v1/return/" + madeUp).then().statusCode(404);
            api.request().get("/v1/" + madeUp).then().statusCode(404);
            api.request().post(Api.SESSIONS + "/" + madeUp).then().statusCode(405);
        }

        Set<String> after = series();
        after.removeAll(before);
        assertThat(after).hasSizeLessThanOrEqualTo(A_HANDFUL);
        assertThat(Management.metrics()).doesNotContain(MADE_UP).contains("uri=\"/UNKNOWN\"");

        api.get(api.opened("pass")).then().statusCode(200);
        assertThat(reads()).isEqualTo(readBefore + 1);
    }

    @Test
    void disconnects_unknown_methods_and_unreadable_requests_add_no_series() throws IOException {
        RawHttp.leave(request("POST", "/v1/" + MADE_UP + "left") + "Content-Length: 9\r\n\r\nabc", () -> {});
        RawHttp.leave(request("POST", Api.SESSIONS + "/" + MADE_UP) + "Content-Length: 9\r\n\r\nabc", () -> {});
        RawHttp.exchange(request("CONJURE", "/" + MADE_UP + "method") + "Connection: close\r\n\r\n");
        RawHttp.exchange(request("CONJURE", Api.SESSIONS) + "Connection: close\r\n\r\n");
        RawHttp.exchange(request("GET", "/v1/" + MADE_UP + "%zz") + "\r\n");

        assertThat(Management.metrics()).doesNotContain(MADE_UP, "CONJURE");
    }

    @Test
    void requests_of_operations_are_not_counted() {
        Management.metrics();
        given().get("/q/" + MADE_UP).then().statusCode(404);

        assertThat(Management.metrics()).doesNotContain("uri=\"/q", MADE_UP);
    }

    private static Set<String> series() {
        return Management.metrics()
                .lines()
                .filter(line -> line.startsWith(REQUESTS))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toSet());
    }

    private static double reads() {
        return Management.metrics()
                .lines()
                .filter(line -> line.startsWith(REQUESTS + "method=\"GET\"")
                        && line.contains("status=\"200\"")
                        && line.contains("uri=\"/v1/liveness-sessions/{id}\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String request(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n";
    }
}

package io.liveness.gateway.platform.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Management;
import io.liveness.gateway.testsupport.http.RawConnection;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Values of a request do not become labels, and frequent unknown requests do not hide the series of operations. */
@QuarkusTest
class RequestLabelsTest {

    private static final String REQUESTS = "http_server_requests_seconds_count{";
    private static final String MADE_UP = "made-up-";
    private static final int TIMES = 50;
    /** Six kinds of made-up requests, each with one method and one status or two, add no more series than this. */
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

    /** The alerts of failed opens count by these labels. */
    @Test
    void a_failed_open_is_counted_at_its_operation() {
        double badBefore = counted("POST", "400", Api.SESSIONS);
        double failedBefore = counted("POST", "504", Api.SESSIONS);

        api.open("bad", "{").then().statusCode(400);
        api.open("drop-after-fee").then().statusCode(504);

        assertThat(counted("POST", "400", Api.SESSIONS)).isEqualTo(badBefore + 1);
        assertThat(counted("POST", "504", Api.SESSIONS)).isEqualTo(failedBefore + 1);
    }

    @Test
    void disconnects_unknown_methods_and_unreadable_requests_add_no_series() throws IOException {
        RawConnection.leave(request("POST", "/v1/" + MADE_UP + "left") + "Content-Length: 9\r\n\r\nabc", () -> {});
        RawConnection.leave(request("POST", Api.SESSIONS + "/" + MADE_UP) + "Content-Length: 9\r\n\r\nabc", () -> {});
        RawConnection.whole(request("CONJURE", "/" + MADE_UP + "method") + "Connection: close\r\n\r\n");
        RawConnection.whole(request("CONJURE", Api.SESSIONS) + "Connection: close\r\n\r\n");
        double unreadableBefore = counted("GET", "400", "/UNKNOWN");
        unreadable("/v1/" + MADE_UP + "%zz", "");
        unreadable("/v1/" + MADE_UP + "query?%zz", "");
        unreadable("/v1/" + MADE_UP + "header", "no colon\r\n");

        assertThat(Management.metrics()).doesNotContain(MADE_UP, "CONJURE");
        assertThat(counted("GET", "400", "/UNKNOWN")).isEqualTo(unreadableBefore + 3);
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
        return counted("GET", "200", Api.SESSIONS + "/{id}");
    }

    private static double counted(String method, String status, String uri) {
        return Management.metrics()
                .lines()
                .filter(line -> line.startsWith(REQUESTS + "method=\"" + method + "\"")
                        && line.contains("status=\"" + status + "\"")
                        && line.contains("uri=\"" + uri + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void unreadable(String address, String header) throws IOException {
        assertThat(RawConnection.whole(request("GET", address) + header + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    private static String request(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n";
    }
}

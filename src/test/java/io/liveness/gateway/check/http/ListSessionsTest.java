package io.liveness.gateway.check.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ListSessionsTest {

    private final Api api = Api.asNewCaller();

    @Test
    void filters_narrow_the_list() {
        List<String> ids = open(3);
        api.check(ids.get(1));
        String second = api.get(ids.get(1)).path("createdAt");

        assertThat(listed("status", "PASSED")).containsExactly(ids.get(1));
        assertThat(listed("status", "PENDING")).containsExactly(ids.get(2), ids.get(0));
        assertThat(listed("createdTo", second)).containsExactly(ids.get(0));
        assertThat(listed("createdFrom", second)).containsExactly(ids.get(2), ids.get(1));
        assertThat(listed("reference", "nobody's")).isEmpty();
    }

    @Test
    void sessions_of_one_reference_are_narrowed_by_status_and_time() {
        List<String> ids = Stream.of("a", "b", "c")
                .map(key -> api.open(
                                key,
                                "{\"returnUrl\":\"wx.history\",\"reference\":\"order-1\",\"title\":\"sandbox:pass\"}")
                        .<String>path("id"))
                .toList();
        api.open("d", "{\"returnUrl\":\"wx.history\",\"reference\":\"order-2\"}");
        api.check(ids.get(1));
        String second = api.get(ids.get(1)).path("createdAt");

        assertThat(listed(Map.of("reference", "order-1", "status", "PENDING"))).containsExactly(ids.get(2), ids.get(0));
        assertThat(listed(Map.of("reference", "order-1", "status", "PENDING", "createdFrom", second)))
                .containsExactly(ids.get(2));
        assertThat(listed(Map.of("reference", "order-1", "createdTo", second))).containsExactly(ids.get(0));
    }

    @Test
    void a_token_used_with_other_filters_is_refused() {
        open(3);
        String token = api.request().queryParam("pageSize", 2).get(Api.SESSIONS).path("nextPageToken");

        api.request()
                .queryParam("pageToken", token)
                .queryParam("status", "PASSED")
                .get(Api.SESSIONS)
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("pageToken"));
    }

    @Test
    void the_events_of_personal_data_come_in_pages_with_tokens_of_their_list() {
        String id = api.opened("pass");
        api.check(id);
        String path = Api.SESSIONS + "/" + id + "/data-events";
        IntStream.range(0, 2).forEach(n -> api.request().get(Api.SESSIONS + "/" + id + "/face-image"));
        api.request().delete(Api.SESSIONS + "/" + id + "/face-image").then().statusCode(204);

        Response first = api.request().queryParam("pageSize", 2).get(path);
        String token = first.path("nextPageToken");
        Response second = api.request()
                .queryParam("pageSize", 2)
                .queryParam("pageToken", token)
                .get(path);

        assertThat(first.<List<String>>path("items.type")).containsExactly("FACE_VIEWED", "FACE_VIEWED");
        assertThat(second.<List<String>>path("items.type")).containsExactly("FACE_REDACTED");
        assertThat(second.<String>path("nextPageToken")).isNull();
        api.request()
                .queryParam("pageToken", token)
                .get(Api.SESSIONS + "/" + id + "/events")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("pageToken"));
    }

    private List<String> open(int sessions) {
        List<String> ids = new ArrayList<>();
        IntStream.range(0, sessions).forEach(n -> ids.add(api.opened("pass")));
        return ids;
    }

    private List<String> listed(String filter, String value) {
        return listed(Map.of(filter, value));
    }

    private List<String> listed(Map<String, String> filters) {
        return api.request()
                .queryParams(filters)
                .get(Api.SESSIONS)
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
    }
}

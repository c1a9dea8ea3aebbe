package io.liveness.gateway.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.http.IdempotencyKey;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Webhook endpoints of a caller, as it uses them. */
public final class WebhookApi {

    public static final String ENDPOINTS = "/v1/webhook-endpoints";

    private final Api api;

    public WebhookApi(Api api) {
        this.api = api;
    }

    /** An endpoint as its owner got it. */
    public record Endpoint(String id, String secret, String path) {

        public List<StubReceiver.Webhook> received() {
            return StubReceiver.received(path);
        }

        /** Waits for this many webhooks, which must keep the contract. */
        public List<StubReceiver.Webhook> received(int count) {
            Patience.await(count + " webhooks", Duration.ofSeconds(20))
                    .until(() -> received().size() >= count);
            List<StubReceiver.Webhook> received = received();
            assertThat(received)
                    .allSatisfy(webhook -> assertThat(Contract.checkedIn().brokenByWebhook(webhook.body()))
                            .isEmpty());
            return received;
        }

        /** Waits for the first one. */
        public StubReceiver.Webhook first() {
            return received(1).get(0);
        }

        public void answers(int status) {
            StubReceiver.answers(path, webhook -> status);
        }
    }

    public Response create(String url) {
        return create(Map.of("url", url));
    }

    public Response create(Map<String, ?> request) {
        return unverified().body(request).post(ENDPOINTS);
    }

    /** Creates one under an idempotency key. */
    Response create(String key, Map<String, ?> request) {
        return unverified().header(IdempotencyKey.HEADER, key).body(request).post(ENDPOINTS);
    }

    /** A request with an address whose name need not resolve. */
    RequestSpecification unverified() {
        return api.request().queryParam("verify", false).contentType(ContentType.JSON);
    }

    /** Rotates the secret of an endpoint under an idempotency key. */
    Response rotate(String key, String endpoint) {
        return api.request().header(IdempotencyKey.HEADER, key).post(ENDPOINTS + "/" + endpoint + "/rotate-secret");
    }

    /** An endpoint at a receiver that answers 204. */
    public Endpoint created() {
        String path = "/" + api.caller() + "/" + System.nanoTime();
        Response created =
                create(StubReceiver.at(path)).then().statusCode(201).extract().response();
        return new Endpoint(created.path("id"), created.path("secret"), path);
    }

    public Response get(Endpoint endpoint) {
        return api.request().get(ENDPOINTS + "/" + endpoint.id());
    }

    public Response read(Endpoint endpoint, String part) {
        return api.request().get(ENDPOINTS + "/" + endpoint.id() + "/" + part);
    }

    public Response post(Endpoint endpoint, String action) {
        return api.request().post(ENDPOINTS + "/" + endpoint.id() + "/" + action);
    }

    /** Asks for a test that looks so. */
    Response test(Endpoint endpoint, Map<String, ?> request) {
        return api.request().queryParams(request).post(ENDPOINTS + "/" + endpoint.id() + "/test");
    }

    /** Settles a session, whose event waits for an endpoint that is paused. Returns the event. */
    public String pending(Endpoint endpoint) {
        api.settled("pass");
        return api.request()
                .queryParam("status", "PENDING")
                .get(ENDPOINTS + "/" + endpoint.id() + "/deliveries")
                .path("items[0].id");
    }

    public Response deliveries(Endpoint endpoint) {
        return api.request().get(ENDPOINTS + "/" + endpoint.id() + "/deliveries");
    }

    public Response events(String after) {
        var request = api.request();
        return (after == null ? request : request.queryParam("after", after)).get("/v1/events");
    }
}

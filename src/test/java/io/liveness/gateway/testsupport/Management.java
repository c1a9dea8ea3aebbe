package io.liveness.gateway.testsupport;

import static io.restassured.RestAssured.given;

import io.restassured.specification.RequestSpecification;
import org.eclipse.microprofile.config.ConfigProvider;

/** The management port of the gateway in this process. */
public final class Management {

    static final String PORT = "quarkus.management.test-port";

    private Management() {}

    /** A request to it, without a token. */
    public static RequestSpecification request() {
        return given().baseUri("http://localhost").port(port());
    }

    /** All metrics, as Prometheus reads them, without the comma that the format allows after the last label. */
    public static String metrics() {
        return request()
                .accept("text/plain; version=0.0.4")
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .replace(",}", "}");
    }

    public static int port() {
        return ConfigProvider.getConfig().getValue(PORT, Integer.class);
    }
}

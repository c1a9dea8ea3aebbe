package io.liveness.gateway.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The duration of opens, with and without the vendor's part. */
@QuarkusTest
class OpeningTimesTest {

    private final Api api = Api.asNewCaller();

    @Inject
    MeterRegistry registry;

    @Inject
    Stored stored;

    @Test
    void an_open_is_timed_with_and_without_the_vendors_part() {
        double whole = millis("whole");
        double gateway = millis("gateway");

        // The sandbox answers this init after a second.
        api.opened("slow");

        double vendor = millis("whole") - whole - (millis("gateway") - gateway);
        assertThat(vendor).isGreaterThan(900);
        assertThat(millis("gateway")).isGreaterThan(gateway);
    }

    @Test
    void an_open_that_fails_is_timed_too_and_a_repeated_one_is_not() throws SQLException {
        long before = timer("whole").count();

        api.open("refused", Api.scenario("code-601")).then().statusCode(502);
        api.open("refused", Api.scenario("code-601")).then().statusCode(200);
        api.open("opened", Api.scenario("pass")).then().statusCode(201);
        api.open("opened", Api.scenario("pass")).then().statusCode(200);
        api.open("opened", Api.scenario("fail")).then().statusCode(422);

        assertThat(timer("whole").count()).isEqualTo(before + 2);
        assertThat(timer("gateway").count()).isEqualTo(timer("whole").count());
    }

    @Test
    void an_open_for_which_init_was_not_sent_is_the_gateways_alone() throws SQLException {
        long before = timer("whole").count();
        stored.spendBudget();

        api.open("unsent", Api.scenario("pass")).then().statusCode(503);

        stored.fillBudget();
        assertThat(timer("whole").count()).isEqualTo(before + 1);
        assertThat(timer("gateway").count()).isEqualTo(timer("whole").count());
    }

    private double millis(String part) {
        return timer(part).totalTime(TimeUnit.MILLISECONDS);
    }

    private Timer timer(String part) {
        return registry.get("liveness.opening").tag("part", part).timer();
    }
}

package io.liveness.gateway.bill;

import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.equalTo;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A long import is answered as under way, and cannot be withdrawn before it is done. */
@QuarkusTest
@TestProfile(LowLimits.class)
class StatementUnderWayTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Api finance = Api.as("finance-" + UUID.randomUUID(), "finance");
    private final Work work = new Work(finance);
    private final Work ada = new Work(Api.person("ada-" + UUID.randomUUID(), "console-ada", "finance"));

    @Inject
    Stored stored;

    @AfterEach
    void remove() throws SQLException {
        Work.remove(stored);
    }

    @Test
    void it_is_answered_before_it_is_done_and_told_until_it_is() throws SQLException {
        String location;
        try (Connection results = stored.connection();
                Statement lock = results.createStatement()) {
            results.setAutoCommit(false);
            lock.execute("lock table statement_match in access exclusive mode");

            Response answer = send("task-of-none,2019-03-01 20:00:00,实扣,0.80\n");

            answer.then().statusCode(202).body("status", anyOf(equalTo("READING"), equalTo("MATCHING")));
            location = answer.header("Location");
            results.rollback();
        }
        awaitDone(location);
    }

    @Test
    void it_cannot_be_withdrawn_before_it_is_done() throws SQLException {
        String address = send("task-of-none,2019-03-01 20:00:01,实扣,0.80\n").header("Location");
        awaitDone(address);
        UUID id = UUID.fromString(address.substring(address.lastIndexOf('/') + 1));
        stored.execute("update statement set status = 'MATCHING', worked_at = liveness_now() where id = ?", id);

        work.withdrawal(id.toString()).then().statusCode(409).body("code", equalTo("statement-under-way"));
        work.invoice(id.toString(), Map.of()).then().statusCode(409).body("code", equalTo("statement-under-way"));
        finance.request()
                .get(address + "/differences")
                .then()
                .statusCode(409)
                .header("Retry-After", "5")
                .body("code", equalTo("statement-under-way"));
        finance.request()
                .accept("text/csv")
                .get(address + "/differences")
                .then()
                .statusCode(409);
        finance.request().get(address + "/differences/sums").then().statusCode(409);
        stored.execute("update statement set status = 'DONE' where id = ?", id);
        ada.withdrawal(id.toString()).then().statusCode(200).body("status", equalTo("DONE"));
    }

    private Response send(String lines) {
        return work.importing(Work.HEADER + lines, "dryRun=false");
    }

    private void awaitDone(String address) {
        Patience.await("the end of the import", PATIENCE)
                .until(() -> finance.request().get(address).path("status").equals("DONE"));
    }
}

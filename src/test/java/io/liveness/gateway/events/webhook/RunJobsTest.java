package io.liveness.gateway.events.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.events.WebhookApi;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The order of jobs, while nothing runs by itself. */
@QuarkusTest
class RunJobsTest {

    private final WebhookApi webhooks = new WebhookApi(Api.asNewCaller());

    @Inject
    RunJobs jobs;

    @Inject
    Stored stored;

    @Test
    void jobs_take_turns_so_that_a_long_replay_holds_up_none() throws SQLException {
        WebhookApi.Endpoint endpoint = webhooks.created();
        webhooks.post(endpoint, "pause").then().statusCode(200);
        UUID longReplay = job("REPLAY", endpoint);
        // Three steps of it.
        stored.execute(
                "insert into webhook_delivery (id, endpoint_id, event_id, seq, type, at, data, attempts, status, ended_at)"
                        + " select nextval('webhook_outbox_id_seq'), ?, gen_random_uuid(), 0, 'liveness.endpoint.test', now(), '{}', '[]', 'FAILED',"
                        + " now() - interval '3 minutes' from generate_series(1, 1200)",
                UUID.fromString(endpoint.id()));
        UUID resume = job("RESUME", webhooks.created());
        UUID delete = job("DELETE", webhooks.created());
        UUID shortReplay = job("REPLAY", webhooks.created());

        jobs.run().await().atMost(Duration.ofSeconds(30));

        assertThat(stored.strings(
                        "select id from webhook_job where id in (?, ?, ?, ?) and ended_at is not null order by ended_at",
                        longReplay,
                        resume,
                        delete,
                        shortReplay))
                .hasSize(4)
                .startsWith(resume.toString(), delete.toString(), shortReplay.toString());
    }

    private UUID job(String kind, WebhookApi.Endpoint endpoint) throws SQLException {
        // In the order of time: older jobs have lower ids.
        UUID id = UUID.fromString(stored.strings(
                        "select lpad(to_hex(count(*)), 8, '0') || '-0000-7000-8000-000000000000' from webhook_job")
                .get(0));
        stored.execute(
                "insert into webhook_job (id, endpoint_id, kind, since, position, created_at)"
                        + " values (?, ?, ?, now(), '00000000-0000-0000-0000-000000000000', now() - interval '2 minutes')",
                id,
                UUID.fromString(endpoint.id()),
                kind);
        return id;
    }
}

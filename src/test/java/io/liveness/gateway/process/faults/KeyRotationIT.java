package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.Balancer;
import io.liveness.gateway.testsupport.http.Balancer.Target;
import io.liveness.gateway.testsupport.http.FlakyReceiver;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.http.JsonPost;
import io.liveness.gateway.testsupport.load.Visits;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The encryption key is changed as docs/configuration.md says, one gateway after the other, while callers go on. */
@Tag("long")
class KeyRotationIT {

    private static final Duration TO_ROTATE = Duration.ofMinutes(3);
    private static final Duration TO_FINISH = Duration.ofMinutes(1);
    private static final String OLD = key("2026-05");
    private static final String NEW = key("2026-11");

    private static final String UNDER_OLD = """
            select count(*) from (
                select unnest(array[token_sealed, check_url_sealed, face_url_sealed]) as value
                from liveness_session
                union all select token_sealed from session_schedule
                union all select sealed from hash_key
                union all select unnest(array[secret_sealed, old_secret_sealed, older_secret_sealed]) from webhook_endpoint) sealed
            where substring(value from 2 for 7) = '2026-05'::bytea
            """;

    private static final String SEALED_ANEW = """
            select count(*) from (
                select sealed as value from hash_key
                union all select unnest(array[secret_sealed, old_secret_sealed, older_secret_sealed]) from webhook_endpoint) sealed
            where substring(value from 2 for 7) = '2026-05'::bytea
            """;

    private static final String FREE = "select count(*) from encryption_key where unused_since is not null";

    /** What was opened under the old key has ended, and its face images are redacted. */
    private static final String A_DAY_LATER = """
            delete from session_schedule where substring(token_sealed from 2 for 7) = '2026-05'::bytea;
            update liveness_session set status = 'EXPIRED', token_sealed = null, check_url_sealed = null
            where substring(token_sealed from 2 for 7) = '2026-05'::bytea;
            update liveness_session set face_url_sealed = null, face_redacted_at = now()
            where substring(face_url_sealed from 2 for 7) = '2026-05'::bytea;
            """;

    private final List<Target> targets = Stream.generate(() -> new Target(FreePort.find(), FreePort.find()))
            .limit(2)
            .toList();
    private final Surroundings around = new Surroundings(SandboxSettings.defaults());
    private final FlakyReceiver receiver = new FlakyReceiver(1, 0);
    private final List<GatewayProcess> gateways = new ArrayList<>();
    private final List<GatewayProcess> all = new ArrayList<>();

    @AfterEach
    void end() {
        around.close();
        receiver.close();
    }

    @Test
    void nothing_is_unreadable_at_any_moment_and_in_the_end_the_old_key_is_not_needed() throws Exception {
        for (Target target : targets) {
            gateways.add(launch(target, OLD));
        }
        gateways.forEach(GatewayProcess::awaitReady);
        try (Balancer balancer = Balancer.before(targets);
                Visits visits = Visits.start(balancer.url(), around.callers().accessToken(), 3)) {
            receiver.verifyWith(endpoint(balancer.url()));
            int before = awaitMore(visits);
            String erasure = erase(balancer.url());

            replace(balancer, OLD + "," + NEW);
            replace(balancer, NEW + "," + OLD);
            long underOld = count(UNDER_OLD);
            assertThat(refusedWith(NEW)).contains("liveness.encryption.keys lacks the key 2026-05");
            // As after five minutes.
            around.database()
                    .execute(
                            "update encryption_key set last_written_at = last_written_at - interval '5 minutes' where id = '2026-05'");
            Patience.await("secrets and the key of hashes under the new key", TO_ROTATE)
                    .until(() -> count(SEALED_ANEW) == 0);
            assertThat(count(FREE)).isZero();
            around.database().execute(A_DAY_LATER);
            Patience.await("the old key to be free", TO_ROTATE).until(() -> count(FREE) == 1);
            assertThat(count(UNDER_OLD)).isZero();
            awaitMore(visits);

            replace(balancer, NEW);
            awaitMore(visits);
            assertThat(erase(balancer.url())).isEqualTo(erasure);
            visits.stop();
            Patience.await("all deliveries", TO_FINISH).until(() -> count("select count(*) from webhook_outbox") == 0);

            System.out.printf(
                    "Key changed under load: %d values under the old key, %d sessions, %d of them before; %s, without a gateway %d%n",
                    underOld, visits.sessions(), before, visits.answered(), visits.withoutGateway());
            assertThat(visits.unexpected()).isEmpty();
            assertThat(visits.withoutGateway()).isLessThan(visits.sessions() / 10);
            assertThat(visits.answered().keySet())
                    .containsExactly("check", "face", "lookup", "open", "read", "replay", "return", "wait");
            assertThat(underOld).isGreaterThan(before);
            assertThat(receiver.unverified()).isEmpty();
            assertThat(receiver.accepted()).isNotEmpty();
            assertThat(count("select count(*) from webhook_delivery where status <> 'DELIVERED'"))
                    .isZero();
            assertThat(all.stream().flatMap(gateway -> gateway.output().stream()))
                    .noneMatch(line -> line.contains("session.unreadable") || line.contains("key-rotation.unreadable"));
        }
    }

    @Test
    void another_key_under_a_known_id_stops_the_start() {
        launch(targets.get(0), OLD).awaitReady().kill();

        assertThat(refusedWith("2026-05:" + NEW.split(":")[1]))
                .contains("liveness.encryption.keys has other bytes under the id 2026-05");

        launch(targets.get(0), OLD).awaitReady();
    }

    private GatewayProcess launch(Target target, String keys) {
        GatewayProcess gateway = around.launch(environment(keys)
                .with("quarkus.http.port", Integer.toString(target.port()))
                .with("quarkus.management.port", Integer.toString(target.managementPort())));
        all.add(gateway);
        return gateway;
    }

    private GatewayEnvironment environment(String keys) {
        return around.environment()
                .with("liveness.encryption.keys", keys)
                .with("jumdata.calls-per-second", "1000")
                // Settled by the visits alone, so that many sessions stay open.
                .with("liveness.poll.timetable", "1h")
                .with("liveness.webhook.allowed-hosts", receiver.url())
                .with("quarkus.shutdown.delay", "2s");
    }

    /** One gateway after the other. */
    private void replace(Balancer balancer, String keys) {
        for (int which = 0; which < targets.size(); which++) {
            gateways.get(which).askToStop();
            gateways.get(which).awaitExit();
            gateways.set(which, launch(targets.get(which), keys).awaitReady());
            balancer.awaitInUse(targets.get(which));
        }
    }

    private String refusedWith(String keys) {
        GatewayProcess gateway = around.launch(environment(keys));
        assertThat(gateway.awaitExit()).as(gateway.tail()).isNotZero();
        return String.join("\n", gateway.output()) + String.join("\n", gateway.errors());
    }

    private static int awaitMore(Visits visits) {
        int before = visits.sessions();
        Patience.await("some visits", TO_FINISH).until(() -> visits.sessions() > before + 30);
        return visits.sessions();
    }

    /** @return its secret */
    private String endpoint(String url) {
        return JsonPost.answer(
                        201,
                        url + "/v1/webhook-endpoints",
                        around.callers().accessToken(),
                        new JsonObject().put("url", receiver.url() + "/events"))
                .getString("secret");
    }

    /** @return the erasure that the first of these requests has begun */
    private String erase(String url) {
        return JsonPost.answer(
                        202,
                        url + "/v1/erasures",
                        around.callers().accessToken(),
                        new JsonObject().put("reference", "person"))
                .getString("id");
    }

    private long count(String sql) {
        return around.database().count(sql);
    }

    private static String key(String id) {
        return id + ":"
                + Base64.getEncoder()
                        .encodeToString((id + ": these are 32 bytes, too...")
                                .substring(0, 32)
                                .getBytes());
    }
}

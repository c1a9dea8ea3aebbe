package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Webhooks of two gateways that are killed again and again, at receivers that misbehave. */
@Tag("alone")
@Tag("long")
class WebhooksIT {

    private static final int SESSIONS = Integer.getInteger("webhooks.sessions", 2_000);
    private static final int REPLAYED = 4_000;
    private static final int KILLS = 5;
    private static final int AT_A_TIME = 50;
    private static final long SEED = Long.getLong("webhooks.seed", 12);
    private static final Duration TO_FINISH = Duration.ofMinutes(4);

    private final CountDownLatch ended = new CountDownLatch(1);
    private int receivers;
    private Surroundings around;
    private GatewayEnvironment environment;
    private final List<GatewayProcess> gateways = new ArrayList<>();

    @AfterEach
    void end() {
        ended.countDown();
        around.close();
    }

    @Test
    void every_event_arrives_at_least_once_and_in_order_although_all_are_killed_and_receivers_misbehave()
            throws Exception {
        FlakyReceiver first = new FlakyReceiver(30);
        FlakyReceiver second = new FlakyReceiver(15);
        start();
        first.secret = endpoint(first);
        second.secret = endpoint(second);
        List<String> sessions = open(SESSIONS);

        for (int kill = 0; kill < 2 * KILLS; kill++) {
            int before = first.accepted.size();
            around.pollNow(sessions.subList(kill * SESSIONS / (2 * KILLS), (kill + 1) * SESSIONS / (2 * KILLS)));
            // The kill falls into the middle: some events are delivered, and many are not.
            Patience.await("deliveries", TO_FINISH).until(() -> first.accepted.size() > before + AT_A_TIME);
            int which = kill % 2;
            gateways.get(which).kill();
            gateways.set(which, around.launch(environment));
            gateways.get(which).awaitReady();
        }
        Patience.await("all deliveries", TO_FINISH)
                .until(() -> around.database().count("select count(*) from session_schedule") == 0
                        && around.database().count("select count(*) from webhook_delivery where status = 'PENDING'")
                                == 0);

        // The events of each session, in order.
        Map<String, List<String>> happened = happened();
        System.out.printf(
                "Webhooks of %d sessions, two gateways killed %d times each, seed %d: %d events, accepted %d and %d times%n",
                sessions.size(),
                KILLS,
                SEED,
                happened.values().stream().mapToInt(List::size).sum(),
                first.accepted.size(),
                second.accepted.size());
        assertThat(happened).hasSize(SESSIONS);
        for (FlakyReceiver receiver : List.of(first, second)) {
            assertThat(receiver.unverified).isEmpty();
            assertThat(firstReceipts(receiver)).isEqualTo(happened);
        }
        assertThat(around.database().count("select count(*) from webhook_delivery where status <> 'DELIVERED'"))
                .isZero();
        assertThat(around.database().count("select count(*) from webhook_delivery"))
                .isEqualTo(2L * happened.values().stream().mapToInt(List::size).sum());
    }

    @Test
    void a_replay_makes_each_delivery_once_although_its_gateways_are_killed() throws Exception {
        FlakyReceiver receiver = new FlakyReceiver(0);
        start();
        receiver.secret = endpoint(receiver);
        around.database().execute("""
                insert into session_event (session_id, type, at, detail, caller)
                select gen_random_uuid(), 'SETTLED', now() - interval '1 hour', '{"status":"PASSED","charge":"CHARGED"}', caller
                from webhook_endpoint cross join generate_series(1, %d)""".formatted(REPLAYED));
        replayAll();

        // The kill falls into the middle: a replay pauses while a thousand deliveries are pending.
        Patience.await("deliveries", TO_FINISH).until(() -> receiver.accepted.size() > AT_A_TIME);
        gateways.forEach(GatewayProcess::kill);
        assertThat(around.database()
                        .count("select count(*) from webhook_job where kind = 'REPLAY' and ended_at is null"))
                .isOne();
        gateways.set(0, around.start(environment));
        Patience.await("all deliveries", TO_FINISH)
                .until(() -> around.database()
                                        .count(
                                                "select count(*) from webhook_job where kind = 'REPLAY' and ended_at is null")
                                == 0
                        && around.database().count("select count(*) from webhook_delivery where status = 'PENDING'")
                                == 0);

        assertThat(firstReceipts(receiver)).isEqualTo(happened()).hasSize(REPLAYED);
        assertThat(around.database().rows("select replayed, done from webhook_job where kind = 'REPLAY'"))
                .containsExactly(List.of(Integer.toString(REPLAYED), Integer.toString(REPLAYED)));
        assertThat(around.database().count("select count(*) from webhook_delivery where status = 'DELIVERED'"))
                .isEqualTo(REPLAYED);
    }

    /** Asks for a replay, and moves that into the past: a replay begins a minute after it was asked for. */
    private void replayAll() {
        String id =
                around.database().rows("select id from webhook_endpoint").get(0).get(0);
        around.callers()
                .post(
                        gateways.get(0).url() + "/v1/webhook-endpoints/" + id + "/replays",
                        new JsonObject().put("from", "2026-01-01T00:00:00Z").put("status", "ALL"),
                        202);
        around.database().execute("update webhook_job set created_at = created_at - interval '1 minute'");
    }

    /** The ids of what it accepted, each once, by session. */
    private static Map<String, List<String>> firstReceipts(FlakyReceiver receiver) {
        Map<String, Set<String>> receipts = new LinkedHashMap<>();
        for (Accepted one : receiver.accepted) {
            receipts.computeIfAbsent(one.session(), none -> new LinkedHashSet<>())
                    .add(one.id());
        }
        return receipts.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, receipt -> List.copyOf(receipt.getValue())));
    }

    private Map<String, List<String>> happened() {
        return around
                .database()
                .rows("select session_id, id from session_event where caller is not null order by seq")
                .stream()
                .collect(Collectors.groupingBy(
                        row -> row.get(0), Collectors.mapping(row -> row.get(1), Collectors.toList())));
    }

    private void start() {
        around = new Surroundings(SandboxSettings.defaults());
        environment = around.environment()
                .with("jumdata.calls-per-second", "10000")
                .with("jumdata.timeout", "2s")
                .with("liveness.opening-timeout", "10s")
                // Settled when the test says so.
                .with("liveness.poll.timetable", "1h")
                .with("liveness.webhook.allowed-hosts", StubReceiver.allowedHost())
                .with("liveness.webhook.timeout", "2s")
                .with("liveness.webhook.retries", "500ms" + ",1s".repeat(60));
        gateways.add(around.launch(environment));
        gateways.add(around.launch(environment));
        gateways.forEach(GatewayProcess::awaitReady);
    }

    /** @return its secret */
    private String endpoint(FlakyReceiver receiver) {
        return around.callers()
                .post(
                        gateways.get(0).url() + "/v1/webhook-endpoints",
                        new JsonObject().put("url", StubReceiver.at(receiver.path)),
                        201)
                .getString("secret");
    }

    /** A tenth loses init's answer: they are UNKNOWN at once, and their fees return later. */
    private List<String> open(int count) {
        List<String> sessions = new ArrayList<>();
        while (sessions.size() < count) {
            int from = sessions.size();
            List<CompletableFuture<Callers.Answer>> opening = IntStream.range(from, Math.min(from + AT_A_TIME, count))
                    .mapToObj(n -> around.callers()
                            .openLater(
                                    gateways.get(n % 2).url(), "order-" + n, n % 10 == 0 ? "drop-after-fee" : "pass"))
                    .toList();
            opening.forEach(answer -> sessions.add(id(answer.join())));
        }
        return sessions;
    }

    private static String id(Callers.Answer answer) {
        return answer.session().isPresent()
                ? answer.id()
                : answer.problem().orElseThrow().getSessionId().toString();
    }

    /** An event that was answered 204. */
    private record Accepted(String id, String session) {}

    /** Verifies what it gets, and misbehaves by chance: answers 500, closes the connection, or hangs. */
    private final class FlakyReceiver {

        private final String path = "/" + UUID.randomUUID();
        private final Random random = new Random(SEED + receivers++);
        private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();
        private final Queue<String> unverified = new ConcurrentLinkedQueue<>();
        private volatile String secret = "";

        /** @param misbehavesPercent how often it does not answer 204 */
        FlakyReceiver(int misbehavesPercent) {
            StubReceiver.answers(path, webhook -> {
                int chance = random.nextInt(100);
                return chance < misbehavesPercent ? misbehave(chance) : accept(webhook);
            });
        }

        private int misbehave(int chance) {
            if (chance % 3 == 0) {
                return 500;
            }
            if (chance % 3 == 1) {
                try {
                    ended.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return StubReceiver.CLOSES;
        }

        private int accept(StubReceiver.Webhook webhook) {
            try {
                new Webhook(secret).verify(webhook.body(), webhook.httpHeaders());
            } catch (WebhookVerificationException | EmptyWebhookSecretException e) {
                unverified.add(webhook.body());
            }
            accepted.add(new Accepted(
                    webhook.headers().get("webhook-id"),
                    new JsonObject(webhook.body()).getJsonObject("data").getString("sessionId")));
            return 204;
        }
    }
}

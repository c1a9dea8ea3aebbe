package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two gateways on one database are killed (SIGKILL) at random, one or both, while Ann imports a bill, accepts its differences, takes some
 * back and withdraws it, and Bob confirms. Each request is repeated until it is answered, at times to both gateways at once. In the end
 * nothing is half done, and nothing twice.
 */
@Tag("long")
class KilledFinanceIT {

    private static final long SEED = Long.getLong("kills.seed", System.nanoTime() % 1_000_000);
    private static final int KILLS = Integer.getInteger("kills", 6);
    private static final Duration TO_FINISH = Duration.ofMinutes(3);
    private static final Duration TO_ANSWER = Duration.ofSeconds(40);
    private static final int LONGEST_PAUSE_MILLIS = 2_500;
    private static final int FEES = 40;
    /** The lines are so many that an import takes its time. */
    private static final int UNKNOWN_LINES = 2_000;

    private static final String STATEMENTS = "/v1/statements";
    private static final String PERIOD = "?from=" + LocalDate.now().minusDays(1) + "T00:00:00Z&to="
            + LocalDate.now().plusDays(2) + "T00:00:00Z";
    private static final JsonObject REASON = new JsonObject().put("reason", "as the vendor says");
    /** The fee without a line is near the end of the bill, which is its import: it is CUT_OFF. */
    private static final List<String> KINDS = List.of("AMOUNT_DIFFERS", "MISSING_IN_LEDGER");

    /** Codes of problems that pass. */
    private static final Set<String> LATER = Set.of("busy", "unavailable", "rate-limited", "statement-under-way");

    /** Statements that count what is wrong. Each must be 0. */
    private static final Map<String, String> WRONG = Map.of(
            "bills without an end",
            "select count(*) from statement where status in ('READING', 'MATCHING')",
            "pieces of files",
            "select count(*) from statement_piece",
            "results of a bill that failed, or of none",
            """
            select count(*) from statement_match m
            where not exists (select from statement s where s.id = m.statement_id and s.status in ('DONE', 'WITHDRAWN'))""",
            "bills without all of their results",
            """
            select count(*) from statement s
            where s.status in ('DONE', 'WITHDRAWN')
              and s.lines <> (select count(distinct line) from statement_match m where m.statement_id = s.id)""",
            "acceptances that stand on a bill that counts no more",
            """
            select count(*) from statement_acceptance a join statement s on s.id = a.statement_id
            where a.state <> 'UNDONE' and s.status <> 'DONE'""",
            "acceptances whose adjustments are not in the ledger once",
            """
            select count(*) from statement_acceptance a
            left join lateral (
                select count(*) as n, coalesce(sum(amount), 0) as sum from ledger_entry e where e.acceptance_id = a.id
            ) e on true
            where e.n <> case when a.posted_at is null then 0 when a.state = 'UNDONE' then 2 else 1 end
               or e.sum <> case when a.posted_at is not null and a.state = 'ACCEPTED' then a.amount else 0 end""",
            "acts that are on the audit list more or less often than done",
            """
            select count(*)
            from (select what, count(*) as n from audit_entry group by what) audited
            join (values
                ('statement-imported', (select count(*) from statement where status in ('DONE', 'WITHDRAWN'))),
                ('statement-withdrawn', (select count(*) from statement where status = 'WITHDRAWN')),
                ('difference-accepted', (select count(*) from statement_acceptance)),
                ('difference-confirmed', (select count(*) from statement_acceptance where confirmed_at is not null)),
                ('difference-unaccepted', (select count(*) from statement_acceptance where state = 'UNDONE'))) done (what, n)
                using (what)
            where audited.n <> done.n""",
            "differences of the books",
            "select count(*) from books_difference");

    private final Random random = new Random(SEED);
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger brokenOff = new AtomicInteger();
    private final List<GatewayProcess> gateways = new CopyOnWriteArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Surroundings around = new Surroundings(SandboxSettings.defaults());
    private final String ann = around.callers().personToken("ann", "finance");
    private final String bob = around.callers().personToken("bob", "finance-admin");
    private final GatewayEnvironment environment = around.environment()
            .with("jumdata.calls-per-second", "1000")
            .with("liveness.finance.approval.acceptance-above", "0.50 CNY")
            .with("liveness.finance.approval.withdrawal-above", "1000000.00 CNY");

    @AfterEach
    void end() {
        around.close();
    }

    @Test
    void nothing_is_half_done_and_nothing_twice() throws Exception {
        System.out.printf("Seed of the kills: %d (-Dkills.seed)%n", SEED);
        gateways.add(around.launch(environment));
        gateways.add(around.launch(environment));
        gateways.forEach(GatewayProcess::awaitReady);
        String bill = bill();
        CompletableFuture<Integer> work = CompletableFuture.supplyAsync(() -> work(bill));
        while (kills.get() < KILLS) {
            killAtRandom(work);
        }
        int accepted = work.join();

        System.out.printf(
                "%d kills; %d requests broke off; %d differences accepted%n", KILLS, brokenOff.get(), accepted);
        assertThat(brokenOff.get()).isPositive();
        assertThat(count("select count(*) from statement_acceptance"))
                .as("as often as answered")
                .isEqualTo(accepted);
        restart(bill);
        Map<String, Long> wrong = new TreeMap<>();
        WRONG.forEach((what, sql) -> wrong.put(what, count(sql)));
        wrong.values().removeIf(count -> count == 0);
        assertThat(wrong).as("with -Dkills.seed=%d", SEED).isEmpty();
    }

    /** The vendor's bill of some fees, with another amount, without a fee, and with many that are not ours. */
    private String bill() throws IOException, InterruptedException {
        for (int n = 0; n < FEES; n++) {
            String id = around.callers()
                    .open(gateways.get(0).url(), "order-" + n, "pass")
                    .id();
            around.callers().checkLater(gateways.get(0).url(), id).join();
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(around.vendorUrl() + "/sandbox/statement.csv"))
                .build();
        List<String> lines = new ArrayList<>(
                http.send(request, BodyHandlers.ofString()).body().lines().toList());
        lines.set(1, lines.get(1).replace("0.80", "1.80"));
        lines.remove(2);
        IntStream.range(0, UNKNOWN_LINES)
                .forEach(n -> lines.add(lines.get(2).replaceFirst("^[0-9]+", "9999%020d".formatted(n))));
        return String.join("\n", lines);
    }

    /** Imports it again and again, works some of its differences and withdraws it; in the end works all of them. @return how many were accepted */
    private int work(String bill) {
        int accepted = 0;
        while (kills.get() < KILLS) {
            String statement = imported(bill);
            if (flip()) {
                accepted += takenBack(statement);
            }
            for (String kind : KINDS) {
                accepted += flip() ? acceptAll(statement, kind) : 0;
            }
            if (flip()) {
                confirmAll(statement);
            }
            String path = STATEMENTS + "/" + statement + "/withdraw";
            String proposedBy = post(ann, path, REASON).getString("withdrawalProposedBy");
            if (proposedBy != null) {
                // A withdrawal takes two people where Bob has confirmed an adjustment of the statement.
                post(bob, path, REASON.copy().put("proposedBy", proposedBy));
            }
        }
        String statement = imported(bill);
        for (String kind : KINDS) {
            accepted += acceptAll(statement, kind);
        }
        confirmAll(statement);
        return accepted;
    }

    private String imported(String bill) {
        while (true) {
            String id = new JsonObject(post(ann, STATEMENTS + PERIOD, "text/csv", BodyPublishers.ofString(bill)))
                    .getString("id");
            JsonObject statement = get(STATEMENTS + "/" + id, Set.of("DONE", "FAILED"));
            if (statement.getString("status").equals("DONE")) {
                return id;
            }
        }
    }

    private int takenBack(String statement) {
        String path = STATEMENTS + "/" + statement + "/differences";
        String one = new JsonObject(
                        untilDone(path, () -> once(request(ann), path + "?kind=AMOUNT_DIFFERS", 1), any -> true))
                .getJsonArray("items")
                .getJsonObject(0)
                .getString("id");
        post(ann, path + "/" + one + "/accept", REASON);
        post(ann, path + "/" + one + "/un-accept", REASON);
        return 1;
    }

    private int acceptAll(String statement, String kind) {
        int open = (int) count("select count(*) from statement_match where statement_id = '%s' and kind = '%s'"
                .formatted(statement, kind));
        JsonObject all = REASON.copy().put("kind", kind).put("count", open);
        post(ann, STATEMENTS + "/" + statement + "/differences/accept-fitting", all);
        return open;
    }

    private void confirmAll(String statement) {
        long proposed =
                count("select count(*) from statement_acceptance where state = 'PROPOSED' and statement_id = '%s'"
                        .formatted(statement));
        if (proposed > 0) {
            JsonObject all = new JsonObject().put("count", proposed);
            post(bob, STATEMENTS + "/" + statement + "/differences/confirm-fitting", all);
        }
    }

    private void killAtRandom(CompletableFuture<Integer> work) {
        Instant moment = Instant.now().plusMillis(random(LONGEST_PAUSE_MILLIS));
        boolean duringAnImport = flip();
        Patience.await("the moment", TO_FINISH)
                .until(() -> work.isDone() || Instant.now().isAfter(moment) && !(duringAnImport && importing() == 0));
        if (work.isDone()) {
            work.join();
        }
        int which = random(3);
        List<Integer> killed = which == 2 ? List.of(0, 1) : List.of(which);
        killed.forEach(n -> gateways.get(n).kill());
        killed.forEach(n -> gateways.set(n, around.launch(environment)));
        killed.forEach(n -> gateways.get(n).awaitReady());
        kills.incrementAndGet();
    }

    /** Another gateway finds what the killed ones have left, and compares all books. */
    private void restart(String bill) {
        gateways.forEach(GatewayProcess::kill);
        around.database().execute("""
                update statement set worked_at = worked_at - interval '3 hours' where status in ('READING', 'MATCHING');
                update statement_piece set received_at = received_at - interval '3 hours';
                update books_comparison set next_pass_at = '-infinity', entry_from = 0, entry_to = 0, event_from = 0, event_to = 0""");
        GatewayProcess alone = around.start(environment);
        gateways.set(0, alone);
        gateways.set(1, alone);
        // The file is known; before it is received, what is left behind is removed.
        imported(bill);
        Patience.await("all books to be compared", TO_FINISH).until(() -> count("""
                        select count(*) from books_comparison
                        where entry_to = (select max(id) from ledger_entry) and event_to = (select max(seq) from session_event
                            where type in ('OPENING', 'OPENED', 'REJECTED', 'OUTCOME_UNKNOWN', 'SETTLED', 'WRITTEN_OFF'))""") == 1);
    }

    private long importing() {
        return count(
                "select count(*) from statement where status in ('READING', 'MATCHING') and is_worked_on(id, worked_at)");
    }

    private long count(String sql) {
        return around.database().count(sql);
    }

    private JsonObject post(String who, String path, JsonObject body) {
        return new JsonObject(post(who, path, "application/json", BodyPublishers.ofString(body.encode())));
    }

    /** The request is repeated with one key until it is answered; at times two go out at once. */
    private String post(String who, String path, String type, BodyPublisher body) {
        HttpRequest.Builder request = request(who)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("Content-Type", type)
                .POST(body);
        int copies = random(4) == 0 ? 2 : 1;
        return untilDone(path, () -> once(request, path, copies), any -> true);
    }

    private JsonObject get(String path, Set<String> statuses) {
        return new JsonObject(untilDone(
                path,
                () -> once(request(ann), path, 1),
                answer -> statuses.contains(new JsonObject(answer).getString("status"))));
    }

    private interface Attempt {
        Optional<String> make();
    }

    private static String untilDone(String path, Attempt attempt, Predicate<String> wanted) {
        return Patience.await(path, TO_FINISH)
                .until(() -> attempt.make().filter(wanted), Optional::isPresent)
                .orElseThrow();
    }

    private static HttpRequest.Builder request(String token) {
        return HttpRequest.newBuilder().timeout(TO_ANSWER).header("Authorization", "Bearer " + token);
    }

    /** @return the answer, or none that says more than to come again */
    private Optional<String> once(HttpRequest.Builder request, String path, int copies) {
        List<CompletableFuture<HttpResponse<String>>> sent = Stream.generate(() -> request.uri(
                                URI.create(gateways.get(random(2)).url() + path))
                        .build())
                .limit(copies)
                .map(one -> http.sendAsync(one, BodyHandlers.ofString()))
                .toList();
        // The answer of each copy is checked, also when the first one suffices.
        List<Optional<String>> answers =
                sent.stream().map(answer -> answered(path, answer)).toList();
        return answers.stream().flatMap(Optional::stream).findFirst();
    }

    private Optional<String> answered(String path, CompletableFuture<HttpResponse<String>> sent) {
        try {
            HttpResponse<String> answer = sent.join();
            if (answer.statusCode() / 100 == 2) {
                return Optional.of(answer.body());
            }
            assertThat(LATER)
                    .as("%s: %s", path, answer.body())
                    .contains(new JsonObject(answer.body()).getString("code"));
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
            brokenOff.incrementAndGet();
        }
        return Optional.empty();
    }

    private boolean flip() {
        return random(2) == 0;
    }

    private synchronized int random(int bound) {
        return random.nextInt(bound);
    }
}

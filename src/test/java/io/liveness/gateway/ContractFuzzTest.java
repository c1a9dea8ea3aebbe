package io.liveness.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.contract.AnswerRules;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Exchange.Answer;
import io.liveness.gateway.testsupport.contract.SeenAnswers;
import io.liveness.gateway.testsupport.contract.requests.BrokenRequest;
import io.liveness.gateway.testsupport.contract.requests.BrokenRequests;
import io.liveness.gateway.testsupport.http.RawAnswer;
import io.liveness.gateway.testsupport.http.RawConnection;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Thousands of requests that each break one rule of the contract: each is refused as documented, and leaves no trace. */
@QuarkusTest
class ContractFuzzTest {

    private static final int AT_LEAST = 5_000;
    private static final int CONNECTIONS = 4;
    private static final int SHOWN = 5;
    private static final Path FAILURES = Path.of("target", "contract-fuzz-failures.txt");
    private static final String TRACES = """
            select (select count(*) from liveness_session) || ' sessions, '
                || (select count(*) from session_event) || ' events, '
                || (select count(*) from ledger_entry) || ' ledger rows, '
                || (select count(*) from caller_budget) || ' budgets, '
                || (select count(*) from audit_entry) || ' audited, '
                || (select count(*) from period) || ' periods, '
                || (select count(*) from statement) || ' statements, '
                || (select count(*) from statement_acceptance) || ' acceptances, '
                || (select count(*) from match_by_hand) || ' matches by hand, '
                || (select count(*) from difference_note) || ' notes, '
                || (select count(*) from statement_mapping) || ' mappings'""";

    private final Api api = Api.asNewCaller();
    private final AnswerRules rules = new AnswerRules(Contract.checkedIn());
    private final Map<Integer, AtomicLong> statuses = new ConcurrentSkipListMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @Test
    void a_request_that_breaks_a_rule_is_refused_as_documented_and_leaves_no_trace() throws IOException {
        long seed = Long.getLong("fuzz.seed", 4711);
        List<BrokenRequest> requests = new BrokenRequests(
                        Contract.checkedIn(),
                        seed,
                        roles -> Api.as(api.caller(), String.join("", roles)).token(),
                        Map.of("id", api.opened("abandon")))
                .all();
        assertThat(requests).hasSizeGreaterThanOrEqualTo(AT_LEAST);
        String before = traces();

        send(requests);

        System.out.printf(
                "Contract fuzz, seed %d: %d requests (%s), answers %s, 5xx: %d%n",
                seed, requests.size(), byKind(requests), statuses, fives());
        Files.writeString(FAILURES, String.join("\n\n", failures));
        assertThat(failures.stream().limit(SHOWN).toList())
                .as("%d failures with -Dfuzz.seed=%d, all in %s", failures.size(), seed, FAILURES)
                .isEmpty();
        assertThat(fives()).isZero();
        assertThat(traces()).isEqualTo(before);
    }

    private String traces() {
        return stored.strings(TRACES).get(0) + ", "
                + (sandbox.books().initCalls() + sandbox.books().resultCalls()) + " calls at the vendor";
    }

    private void send(List<BrokenRequest> requests) {
        Queue<BrokenRequest> waiting = new ConcurrentLinkedQueue<>(requests);
        ExecutorService callers = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                running.add(CompletableFuture.runAsync(() -> sendAll(waiting), callers));
            }
            running.forEach(CompletableFuture::join);
        } finally {
            callers.shutdownNow();
        }
    }

    private void sendAll(Queue<BrokenRequest> waiting) {
        RawConnection connection = null;
        for (BrokenRequest next = waiting.poll(); next != null; next = waiting.poll()) {
            try {
                connection = connection == null ? new RawConnection() : connection;
                RawAnswer answer = connection.exchange(next.wire());
                judge(next, answer);
                if ("close".equalsIgnoreCase(answer.header("Connection"))) {
                    connection.close();
                    connection = null;
                }
            } catch (IOException | RuntimeException e) {
                failures.add(next + "\nhad no answer: " + e);
                connection = null;
            }
        }
    }

    private void judge(BrokenRequest request, RawAnswer answer) {
        statuses.computeIfAbsent(answer.status(), status -> new AtomicLong()).incrementAndGet();
        Answer seen =
                new Answer(answer.status(), answer.headers(), answer.body().getBytes(StandardCharsets.UTF_8));
        List<String> broken = new ArrayList<>(rules.broken(request.request(), seen));
        if (!request.kind().statuses().contains(answer.status())) {
            broken.add("expected " + request.kind().statuses());
        }
        if (broken.isEmpty()) {
            SeenAnswers.add(request.request(), seen);
        } else {
            failures.add(request + "\nanswered " + answer + "\n" + String.join("\n", broken));
        }
    }

    private long fives() {
        return statuses.entrySet().stream()
                .filter(status -> status.getKey() >= 500)
                .mapToLong(status -> status.getValue().get())
                .sum();
    }

    private static Map<BrokenRequest.Kind, Long> byKind(List<BrokenRequest> requests) {
        return requests.stream()
                .collect(Collectors.groupingBy(BrokenRequest::kind, TreeMap::new, Collectors.counting()));
    }
}

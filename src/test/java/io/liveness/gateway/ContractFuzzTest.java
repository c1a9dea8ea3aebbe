package io.liveness.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.requests.BrokenRequests;
import io.liveness.gateway.testsupport.contract.requests.BrokenRequests.Broken;
import io.liveness.gateway.testsupport.contract.requests.JudgedCall;
import io.liveness.gateway.testsupport.http.RawAnswer;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Thousands of requests that each break one rule of the contract: each is refused as documented, and leaves no trace. */
@QuarkusTest
class ContractFuzzTest {

    private static final int AT_LEAST = 3_000;
    private static final int CONNECTIONS = 4;
    private static final int SHOWN = 5;
    private static final Pattern OF_A_FIELD =
            Pattern.compile(" of another type$| as text$| of too many items$| with NUL$");
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

    @Inject
    Sandbox sandbox;

    @Inject
    Stored stored;

    @Test
    void a_request_that_breaks_a_rule_is_refused_as_documented_and_leaves_no_trace() {
        List<Broken> requests = new BrokenRequests(
                        Contract.checkedIn(),
                        roles -> Api.as(api.caller(), String.join("", roles)).token(),
                        Map.of("id", api.opened("abandon")))
                .all();
        assertThat(requests).hasSizeGreaterThanOrEqualTo(AT_LEAST);
        String before = traces();

        ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS);
        List<String> failures = requests.stream()
                .map(request -> CompletableFuture.supplyAsync(() -> failure(request), connections))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .filter(Objects::nonNull)
                .toList();
        connections.shutdown();

        System.out.printf("Contract fuzz: %d requests%n", requests.size());
        assertThat(failures.stream().limit(SHOWN))
                .as("%d failures", failures.size())
                .isEmpty();
        assertThat(traces()).isEqualTo(before);
    }

    private String traces() {
        return stored.strings(TRACES).get(0) + ", "
                + (sandbox.books().initCalls() + sandbox.books().resultCalls()) + " calls at the vendor";
    }

    /** @return what is wrong with its answer, or null */
    private static String failure(Broken request) {
        try {
            RawAnswer answer = JudgedCall.send(request.draft());
            int status = answer.status();
            if (!names(answer, request)) {
                return request.rule() + ": the refusal does not name it: " + answer.body();
            }
            return request.statuses().contains(status)
                    ? null
                    : "%s: %s %s %s is answered %d"
                            .formatted(
                                    request.rule(),
                                    request.draft().method(),
                                    request.draft().target(),
                                    new String(request.draft().body(), StandardCharsets.UTF_8),
                                    status);
        } catch (AssertionError | UncheckedIOException e) {
            return request.rule() + ": " + e.getMessage();
        }
    }

    /** Whether the parameter, the header or the field that is refused is named. */
    private static boolean names(RawAnswer answer, Broken request) {
        String name = name(request);
        return answer.status() != 400
                || name.isEmpty()
                || answer.body().contains("\"title\":\"The header " + name + " is missing\"")
                || Pattern.compile("\"field\":\"([^\"]*[.\\[])?" + Pattern.quote(name) + "[\".\\[]")
                        .matcher(answer.body())
                        .find();
    }

    /** The name is empty where the request as a whole is refused: what cannot be read has no names yet. */
    private static String name(Broken request) {
        String rule = request.rule();
        if (rule.contains(" without ")) {
            return rule.split(" without ")[1];
        }
        if (rule.endsWith(" with another field")) {
            return "unknown";
        }
        String name = rule.split("[ .\\[]")[0];
        boolean isRead = request.draft().headers().containsKey(name)
                || request.draft().target().matches(".*[?&]" + name + "=.*")
                || OF_A_FIELD.matcher(rule).find();
        return isRead && !rule.contains("UTF-8") && !name.equals("body") ? name : "";
    }
}

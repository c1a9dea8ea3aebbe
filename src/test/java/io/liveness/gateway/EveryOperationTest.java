package io.liveness.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.Stored.Away;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Operation;
import io.liveness.gateway.testsupport.contract.Request;
import io.liveness.gateway.testsupport.contract.requests.JudgedCall;
import io.liveness.gateway.testsupport.contract.requests.RightRequests;
import io.liveness.gateway.testsupport.http.RawAnswer;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * Answers that are the same for every operation of the contract. {@link ContractFuzzTest} covers the fields of each operation,
 * separate tests its purpose.
 */
@QuarkusTest
class EveryOperationTest {

    private static final List<Operation> OPERATIONS = Contract.checkedIn().operations();
    private static final String TOO_LONG_A_BODY = "x".repeat(130 * 1024);

    /** Each operation reads or writes at least one of them. */
    private static final List<String> TABLES = List.of(
            "liveness_session",
            "session_event",
            "fee",
            "ledger",
            "session_outcome",
            "event_log",
            "webhook_endpoint",
            "erasure",
            "caller_budget",
            "audit_entry",
            "period",
            "replica",
            "statement",
            "statement_mapping");

    /** Every operation waits for its answer. */
    private static final Executor AT_ONCE = task -> new Thread(task).start();

    /** Some operations wait for most of a second when the database is away. */
    private static final Executor FEW_AT_ONCE = new ForkJoinPool(12);

    private static final String TOO_LONG_A_FILE = "x".repeat(2 * 1024 * 1024 + 1);

    private final Api api = Api.asNewCaller();

    @Inject
    Stored stored;

    @Test
    void a_body_that_is_too_large_is_refused_also_by_an_operation_without_a_body() {
        each(413, "too-large", right -> right.body(isFile(right) ? TOO_LONG_A_FILE : TOO_LONG_A_BODY));
    }

    @Test
    void a_body_that_does_not_come_to_its_end_is_refused() {
        RightRequests requests = rightRequests();
        List<CompletableFuture<RawAnswer>> answers = OPERATIONS.stream()
                .filter(operation -> operation.responses().containsKey("408"))
                .map(operation ->
                        CompletableFuture.supplyAsync(() -> JudgedCall.sendUnfinished(requests.of(operation)), AT_ONCE))
                .toList();

        assertThat(answers).hasSizeGreaterThan(10).allSatisfy(answer -> {
            assertThat(answer.join().status()).isEqualTo(408);
            assertThat(new JsonObject(answer.join().body()).getString("code")).isEqualTo("too-slow");
            assertThat(answer.join().header("Connection")).isEqualTo("close");
        });
    }

    @Test
    void headers_that_are_too_large_are_refused() {
        each(431, "headers-too-large", right -> right.header("X-Long", "x".repeat(25_000)));
    }

    @Test
    void a_media_type_that_cannot_be_produced_is_refused() {
        each(406, "not-acceptable", right -> right.header("Accept", "video/mp4"));
    }

    @Test
    void a_malformed_token_is_refused_also_by_public_operations() {
        each(401, "unauthenticated", right -> right.header("Authorization", "Bearer none"));
    }

    @Test
    void a_token_of_all_other_roles_is_refused() {
        each(403, "forbidden", right -> right.header("Authorization", "Bearer " + token(otherRoles(right))));
    }

    private static String otherRoles(Request right) {
        List<String> own = Contract.checkedIn()
                .operation(right.method(), right.target().split("\\?")[0])
                .flatMap(Operation::roles)
                .orElseThrow();
        return OPERATIONS.stream()
                .flatMap(operation -> operation.roles().stream().flatMap(List::stream))
                .filter(role -> !own.contains(role))
                .distinct()
                .collect(Collectors.joining("+"));
    }

    @Test
    void what_is_not_there_is_a_404() {
        String none = UUID.randomUUID().toString();
        Map<String, String> unknown = Map.of(
                "id", none,
                "endpointId", none,
                "deliveryId", none,
                "replayId", none,
                "erasureId", none,
                "differenceId", none,
                "caller", "nobody-" + none,
                "name", "nothing",
                "month", "1999-01");
        RightRequests requests =
                new RightRequests(Contract.checkedIn(), roles -> token(String.join("+", roles)), unknown);

        each(404, "not-found", requests, right -> right);
    }

    @Test
    void an_internal_error_is_a_500_without_details() throws SQLException {
        RightRequests requests = rightRequests();
        Deque<Away> away = new ArrayDeque<>();
        try {
            for (String table : TABLES) {
                away.push(stored.columnsAway(table));
            }
            each(500, "internal-error", requests, EveryOperationTest::askingTheDatabase);
        } finally {
            while (!away.isEmpty()) {
                away.pop().close();
            }
        }
    }

    @Test
    void while_the_database_is_away_the_answer_is_to_come_again() throws Exception {
        RightRequests requests = rightRequests();
        try (AutoCloseable back =
                TestDatabase.away(stored.strings("select current_database()").get(0))) {
            each(503, "unavailable", requests, EveryOperationTest::askingTheDatabase);
        }
    }

    /** A preview by the mapping that is configured asks it nothing. */
    private static Request askingTheDatabase(Request right) {
        return right.target().endsWith("/preview") ? right.query("mapping", "saved") : right;
    }

    private static boolean isFile(Request right) {
        return right.headers().getOrDefault("Content-Type", List.of()).contains("text/csv");
    }

    private void each(int status, String code, UnaryOperator<Request> change) {
        each(status, code, rightRequests(), change);
    }

    /** Every operation that documents the status answers it to the changed request, and each of those answers is the same. */
    private static void each(int status, String code, RightRequests requests, UnaryOperator<Request> change) {
        Map<Operation, CompletableFuture<RawAnswer>> answers = new LinkedHashMap<>();
        for (Operation operation : OPERATIONS) {
            if (operation.responses().containsKey(Integer.toString(status))) {
                Request request = change.apply(requests.of(operation));
                answers.put(operation, CompletableFuture.supplyAsync(() -> JudgedCall.send(request), FEW_AT_ONCE));
            }
        }
        SoftAssertions all = new SoftAssertions();
        answers.forEach((operation, sent) -> all.check(() -> {
            RawAnswer answer = sent.join();
            assertThat(answer.status()).as("%s: %s", operation, answer).isEqualTo(status);
            assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo(code);
            assertThat(answer.body())
                    .doesNotContainIgnoringCase(
                            TABLES.stream().filter(table -> table.contains("_")).toArray(String[]::new))
                    .doesNotContainIgnoringCase("relation", "column", "select", "exception", "io.");
        }));
        all.assertAll();
    }

    private RightRequests rightRequests() {
        String passed = api.opened("pass");
        api.check(passed);
        return new RightRequests(Contract.checkedIn(), roles -> token(String.join("+", roles)), Map.of("id", passed));
    }

    private String token(String roles) {
        return Api.as(api.caller(), roles).token();
    }
}

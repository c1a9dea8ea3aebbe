package io.liveness.gateway.sandbox.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxCaller;
import io.liveness.gateway.sandbox.books.Books.CallTime;
import io.liveness.gateway.sandbox.check.BookRow;
import io.liveness.gateway.sandbox.check.FeeState;
import io.liveness.gateway.sandbox.scenario.Scenario;
import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BooksTest {

    private static final Duration TOKEN_LIFE = Duration.ofHours(2);

    private final SandboxCaller caller = new SandboxCaller();

    @AfterEach
    void close() {
        caller.close();
    }

    @Test
    void a_fee_is_open_until_a_verdict_is_fetched() {
        Instant opened = caller.now();
        String token = caller.openToken(Scenario.PASS.title());
        assertThat(row().status()).isEqualTo(FeeState.PRE_DEDUCTED);
        assertThat(row().settledAt()).isEmpty();

        caller.advance(Duration.ofSeconds(30));
        caller.result(token);

        assertThat(row())
                .isEqualTo(new BookRow(
                        row().taskNo(),
                        token,
                        SandboxCaller.RETURN_URL,
                        Optional.of("sandbox:pass"),
                        opened,
                        FeeState.CHARGED,
                        Optional.of(opened.plusSeconds(30)),
                        BigDecimal.valueOf(80),
                        1,
                        false));
    }

    @Test
    void a_verdict_that_is_not_fetched_is_lost_at_expiry_and_its_fee_is_refunded() {
        Instant opened = caller.now();
        String token = caller.openToken(Scenario.PASS.title());

        caller.advance(TOKEN_LIFE.minusMillis(1));
        assertThat(row().status()).isEqualTo(FeeState.PRE_DEDUCTED);
        caller.advance(Duration.ofMillis(1));

        assertThat(row().status()).isEqualTo(FeeState.REFUNDED);
        assertThat(row().settledAt()).hasValue(opened.plus(TOKEN_LIFE));
        assertThat(caller.resultCode(token)).isEqualTo(301);
    }

    @Test
    void a_verdict_once_fetched_stays_after_expiry() {
        String token = caller.openToken(Scenario.PASS.title());
        caller.result(token);

        caller.advance(TOKEN_LIFE);

        assertThat(caller.resultCode(token)).isEqualTo(200);
        assertThat(row().status()).isEqualTo(FeeState.CHARGED);
    }

    @Test
    void fifty_result_calls_at_once_charge_once() throws Exception {
        String token = caller.openToken(Scenario.CONTRADICT.title());
        ExecutorService threads = Executors.newFixedThreadPool(50);
        List<Future<Integer>> calls = IntStream.range(0, 50)
                .mapToObj(i -> threads.submit(() -> caller.resultCode(token)))
                .toList();
        List<Integer> codes = new ArrayList<>();
        for (Future<Integer> call : calls) {
            codes.add(call.get());
        }
        threads.shutdown();

        assertThat(codes).containsOnlyOnce(202).hasSize(50);
        assertThat(codes.stream().filter(code -> code == 200)).hasSize(49);
        assertThat(row().status()).isEqualTo(FeeState.CHARGED);
        assertThat(row().resultCalls()).isEqualTo(50);
    }

    @Test
    void every_call_received_is_counted_and_timed_refused_ones_too() {
        caller.init(Scenario.CODE_601.title());
        caller.result(caller.openToken(Scenario.PASS.title()));
        caller.result("unknown");

        assertThat(caller.books().initCalls()).isEqualTo(2);
        assertThat(caller.books().resultCalls()).isEqualTo(2);
        assertThat(caller.books().callTimes())
                .extracting(CallTime::call)
                .containsExactly(CallTime.Call.INIT, CallTime.Call.INIT, CallTime.Call.RESULT, CallTime.Call.RESULT);
        assertThat(caller.books().callTimes()).isSortedAccordingTo(Comparator.comparingLong(CallTime::nanos));
    }

    @Test
    void calls_beyond_the_limit_are_too_frequent_and_cost_nothing() {
        try (SandboxCaller limited =
                new SandboxCaller(SandboxSettings.defaults().withCallsPerSecond(1))) {
            limited.init("");
            assertThat(limited.init("").body())
                    .matches("\\{\"code\":609,\"msg\":\"请求过于频繁,请稍候再试\",\"taskNo\":\"\\d{24}\",\"charge\":false}");
            assertThat(limited.books().rows()).hasSize(1);
        }
    }

    @Test
    void the_statement_has_a_line_per_fee() {
        String passed = caller.openToken(Scenario.PASS.title());
        String failed = caller.openToken(Scenario.FAIL.title());
        caller.init(Scenario.CODE_601.title());
        caller.openToken("");
        caller.result(passed);
        caller.result(failed);

        List<String> taskNos =
                caller.books().rows().stream().map(BookRow::taskNo).toList();
        assertThat(caller.get("/sandbox/statement.csv").body())
                .isEqualTo("taskNo,time,status,amount\n"
                        + taskNos.get(0) + ",2026-03-01 12:00:00,实扣,0.80\n"
                        + taskNos.get(1) + ",2026-03-01 12:00:00,退回,0.80\n"
                        + taskNos.get(2) + ",2026-03-01 12:00:00,预扣,0.80\n");
    }

    @Test
    void people_see_the_books_without_the_tokens() {
        String passed = caller.openToken(Scenario.PASS.title());
        String open = caller.openToken("");
        caller.result(passed);

        String shown = caller.get("/sandbox/books").body();

        assertThat(shown).doesNotContain(passed).doesNotContain(open);
        assertThat(new JsonObject(shown).getJsonObject("totals").encode())
                .isEqualTo("{\"preDeducted\":{\"count\":1,\"amount\":\"0.80\"},"
                        + "\"charged\":{\"count\":1,\"amount\":\"0.80\"},"
                        + "\"refunded\":{\"count\":0,\"amount\":\"0.00\"},\"initCalls\":2,\"resultCalls\":1}");
    }

    @Test
    void the_books_can_be_asked_for_one_fee() {
        String token = caller.openToken(Scenario.PASS.title());
        caller.openToken("");
        String taskNo = caller.books().rows().get(0).taskNo();

        assertThat(rows("?token=" + token)).hasSize(1);
        assertThat(rows("?taskNo=" + taskNo))
                .singleElement()
                .satisfies(row ->
                        assertThat(((JsonObject) row).getString("taskNo")).isEqualTo(taskNo));
        assertThat(rows("?taskNo=0")).isEmpty();
    }

    private JsonArray rows(String query) {
        return new JsonObject(caller.get("/sandbox/books" + query).body()).getJsonArray("rows");
    }

    private BookRow row() {
        return caller.books().rows().get(0);
    }
}

package io.liveness.gateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.Books.BookRow;
import io.liveness.gateway.sandbox.Books.Call;
import io.liveness.gateway.sandbox.Books.CallTime;
import io.liveness.gateway.sandbox.Books.FeeState;
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
                .containsExactly(Call.INIT, Call.INIT, Call.RESULT, Call.RESULT);
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

    private BookRow row() {
        return caller.books().rows().get(0);
    }
}

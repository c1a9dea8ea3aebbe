package io.liveness.gateway.finance.month;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.finance.month.MadeUpBooks.End;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A month of any history closes when its last fee has ended, then never changes, and its proof verifies. */
@QuarkusTest
class RandomPeriodsTest {

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final YearMonth FIRST = YearMonth.of(2001, 3);
    private static final int MONTHS = 4;
    private static final int STEPS = 60;
    private static final List<End> ENDS =
            List.of(End.PASSED, End.PASSED, End.NOT_PASSED, End.FAILED, End.EXPIRED_UNHEARD, End.LOST_AND_BACK);
    private static final List<End> OPEN = List.of(End.PENDING, End.LOST);

    private final PeriodApi periods = new PeriodApi();
    private final Map<UUID, YearMonth> open = new LinkedHashMap<>();
    private final List<UUID> fees = new ArrayList<>();
    private final List<Map<String, Object>> closed = new ArrayList<>();

    @Inject
    Stored stored;

    private MadeUpBooks books;
    private Random random;

    @BeforeEach
    @AfterEach
    void remove_all_months() throws SQLException {
        books = new MadeUpBooks(stored);
        books.remove();
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 8, 21, 34})
    void a_closed_month_never_changes_and_its_proof_verifies(long seed) throws SQLException {
        random = new Random(seed);
        for (int n = 0; n < MONTHS; n++) {
            openFee(FIRST.plusMonths(n));
        }
        for (int step = 0; step < STEPS && closed.size() < MONTHS; step++) {
            step();
        }
        while (closed.size() < MONTHS) {
            endAll(next());
            close();
        }

        closed.forEach(periods::verify);
        assertThat(closed).hasSize(MONTHS);
    }

    private void step() throws SQLException {
        switch (random.nextInt(6)) {
            case 0 -> openFee(anyOpenMonth());
            case 1, 2 -> endedFee(anyOpenMonth());
            case 3 -> endOne();
            case 4 -> adjust();
            default -> {
                close();
                closed.forEach(this::isUnchanged);
            }
        }
    }

    private void close() {
        YearMonth month = next();
        if (open.containsValue(month)) {
            assertThat(periods.reasons(month.toString())).isNotEmpty().isSubsetOf("fees-overdue", "fees-unconfirmed");
            return;
        }
        Map<String, Object> now = periods.closed(month.toString());
        balances(now);
        periods.verify(now);
        closed.add(now);
    }

    private void isUnchanged(Map<String, Object> before) {
        assertThat(periods.get((String) before.get("month"))
                        .statusCode(200)
                        .extract()
                        .<Map<String, Object>>path(""))
                .isEqualTo(before);
        periods.verify(before);
    }

    /** Pre-deducted is what was charged and what came back. */
    @SuppressWarnings("unchecked")
    private static void balances(Map<String, Object> period) {
        for (Map<String, Map<String, Object>> sums : (List<Map<String, Map<String, Object>>>) period.get("totals")) {
            assertThat(count(sums, "preDeducted")).isEqualTo(count(sums, "charged") + count(sums, "refunded"));
            assertThat(count(sums, "open") + count(sums, "unconfirmed")).isZero();
        }
    }

    private static int count(Map<String, Map<String, Object>> sums, String figure) {
        return (int) sums.get(figure).get("count");
    }

    private void openFee(YearMonth month) throws SQLException {
        open.put(fee(month, OPEN), month);
    }

    private void endedFee(YearMonth month) throws SQLException {
        fees.add(fee(month, ENDS));
    }

    private UUID fee(YearMonth month, List<End> ends) throws SQLException {
        return books.fee(
                moment(month),
                oneOf(ends),
                oneOf(List.of(0L, 750_000L, 805_000L, 10_000_000_000_000_000L)),
                oneOf(List.of("CNY", "CNY", "USD", "JPY")),
                oneOf(List.of("shop", "kiosk")),
                random.nextBoolean() ? "cc-1" : null);
    }

    private void endOne() throws SQLException {
        if (!open.isEmpty()) {
            end(oneOf(List.copyOf(open.keySet())));
        }
    }

    private void endAll(YearMonth month) throws SQLException {
        for (UUID fee : List.copyOf(open.keySet())) {
            if (open.get(fee).equals(month)) {
                end(fee);
            }
        }
    }

    /** Often in a later month than that of its fee. */
    private void end(UUID fee) throws SQLException {
        boolean lost =
                stored.count("select count(*) from liveness_session where id = ? and status = 'UNKNOWN'", fee) > 0;
        books.end(fee, lost ? End.LOST_AND_BACK : oneOf(ENDS.subList(0, 5)), moment(anyOpenMonth()));
        open.remove(fee);
        fees.add(fee);
    }

    /** Adjusts any fee, also one of a closed month. */
    private void adjust() throws SQLException {
        if (!fees.isEmpty()) {
            books.adjustment(oneOf(fees), oneOf(List.of(-800_000L, 50_001L)), "CNY", moment(anyOpenMonth()));
        }
    }

    /** Often its very first or last moment. */
    private Instant moment(YearMonth month) {
        Instant from = month.atDay(1).atStartOfDay(SHANGHAI).toInstant();
        Instant to = month.plusMonths(1).atDay(1).atStartOfDay(SHANGHAI).toInstant();
        return switch (random.nextInt(4)) {
            case 0 -> from;
            case 1 -> to.minusNanos(1_000);
            default ->
                from.plusSeconds(random.nextLong(Duration.between(from, to).toSeconds()));
        };
    }

    private YearMonth next() {
        return FIRST.plusMonths(closed.size());
    }

    private YearMonth anyOpenMonth() {
        return next().plusMonths(random.nextInt(MONTHS - Math.min(closed.size(), MONTHS - 1)));
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}

package io.liveness.gateway.finance;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.finance.SumSessions.Cost;
import io.liveness.gateway.finance.SumSessions.Figures;
import io.liveness.gateway.finance.SumSessions.Grouping;
import io.liveness.gateway.finance.SumSessions.Insights;
import io.liveness.gateway.finance.SumSessions.Refusals;
import io.liveness.gateway.finance.SumSessions.Seconds;
import io.liveness.gateway.platform.query.Span;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Sessions in all possible states, in a time that no other test uses, and their figures, counted one by one. */
final class CheckHistory {

    private static final int SESSIONS = 400;
    private static final Duration LENGTH = Duration.ofDays(45);

    /** Status, charge status and verdict. */
    private static final List<String> ENDS = List.of(
            "PASSED/CHARGED/200",
            "PASSED/CHARGED/200",
            "PASSED/NONE/200",
            "NOT_PASSED/CHARGED/202",
            "FAILED/REFUNDED/203",
            "EXPIRED/REFUNDED/301",
            "EXPIRED/REFUNDED/",
            "UNKNOWN/REFUNDED/",
            "UNKNOWN/UNCONFIRMED/",
            "PENDING/PRE_DEDUCTED/",
            "OPENING/NONE/",
            "REJECTED/NONE/");

    /** @param millis from init to the verdict */
    record Check(
            UUID id,
            String caller,
            Optional<String> costCentre,
            String style,
            String end,
            Optional<Integer> refusal,
            long fee,
            String currency,
            Instant at,
            long millis) {

        String status() {
            return end.split("/")[0];
        }

        String charge() {
            return end.split("/")[1];
        }

        boolean is(String... statuses) {
            return List.of(statuses).contains(status());
        }

        /** Nobody can say any more what became of it. */
        boolean isLost() {
            return is("UNKNOWN") || end.equals("EXPIRED/REFUNDED/");
        }
    }

    private final Random random;
    private final Instant from;
    private final List<String> callers = List.of("a-" + UUID.randomUUID(), "b-" + UUID.randomUUID());
    private final List<Check> checks = new ArrayList<>();

    /** Each seed has a separate year. */
    CheckHistory(int seed, List<ZoneId> zones) {
        this.random = new Random(seed);
        // Around the changes of daylight-saving time in March and April.
        this.from = Instant.parse((2000 + seed) + "-03-01T00:00:00Z");
        for (int n = 0; n < SESSIONS; n++) {
            Instant at = moment(zones);
            checks.add(new Check(
                    UuidCreator.getTimeOrderedEpoch(at),
                    oneOf(callers),
                    oneOf(List.of(Optional.<String>empty(), Optional.of("cc-1"), Optional.of("cc-2"))),
                    oneOf(List.of("SILENT", "FACE", "CUSTOM")),
                    oneOf(ENDS),
                    oneOf(List.of(Optional.<Integer>empty(), Optional.of(606), Optional.of(609))),
                    oneOf(List.of(0L, 750_000L, 805_001L)),
                    oneOf(List.of("CNY", "CNY", "JPY")),
                    at,
                    oneOf(List.of(-5L, 999L, 1_000L, 30_400L, (long) random.nextInt(7_200_000)))));
        }
    }

    /** Often the very beginning of a day somewhere, or the moment before. */
    private Instant moment(List<ZoneId> zones) {
        Instant any = from.plusMillis(random.nextLong(LENGTH.toMillis()));
        if (random.nextInt(3) > 0) {
            return any;
        }
        ZoneId zone = oneOf(zones);
        Instant midnight =
                LocalDate.ofInstant(any, zone).plusDays(1).atStartOfDay(zone).toInstant();
        return random.nextBoolean() ? midnight : midnight.minusMillis(1);
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** All of it but some hours at both ends. */
    Span span(ZoneId zone) {
        return new Span(zone, from.plus(Duration.ofHours(7)), from.plus(LENGTH).minus(Duration.ofHours(31)));
    }

    List<String> callers() {
        return callers;
    }

    /** Stores the sessions with the ledger entries of their fees, because the books of all sessions are compared. */
    List<String> inserts() {
        String entries = """
                insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at, caller, cost_centre, init_at)
                select id, %s, 'RULE', fee_amount, fee_currency, init_at, caller, cost_centre, init_at
                from liveness_session where caller in ('%s') and charge_status %s
                """;
        String ours = String.join("', '", callers);
        return List.of(
                """
                insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                    action_style, actions, action_mutex, anti_camera_hack, cost_centre, fee_amount, fee_currency, attempt, init_at,
                    verdict_code, verdict_at, refusal_code, created_at, updated_at) values\s""" + checks.stream().map(CheckHistory::row).collect(Collectors.joining(",\n")),
                entries.formatted("'PRE_DEDUCT'", ours, "<> 'NONE'"),
                entries.formatted(
                        "case charge_status when 'CHARGED' then 'CHARGE' else 'REFUND' end",
                        ours,
                        "in ('CHARGED', 'REFUNDED')"));
    }

    private static String row(Check check) {
        String[] end = check.end().split("/", -1);
        boolean taken = !check.charge().equals("NONE");
        // Init comes later than the session, by far when it was refused before.
        Instant initAt = check.at().plusMillis(check.millis() % 7);
        return "('%s', '%s', '%s', '', '%s', '%s', 'wx.history', '%s', '', true, true, %s, %s, %s, 1, '%s', %s, %s, %s, '%s', '%s')"
                .formatted(
                        check.id(),
                        check.caller(),
                        check.id(),
                        end[0],
                        end[1],
                        check.style(),
                        literal(check.costCentre()),
                        taken ? check.fee() : "null",
                        taken ? literal(Optional.of(check.currency())) : "null",
                        initAt,
                        end[2].isEmpty() ? "null" : end[2],
                        end[2].isEmpty() ? "null" : literal(Optional.of(initAt.plusMillis(check.millis()))),
                        // The reason of a refusal stays when the session is opened after all.
                        check.refusal().map(String::valueOf).orElse("null"),
                        check.at(),
                        check.at());
    }

    private static String literal(Optional<?> value) {
        return value.map(text -> "'" + text + "'").orElse("null");
    }

    /** What the answer has to be. */
    Insights insights(Grouping grouping, Span span, Optional<String> caller, Optional<String> costCentre) {
        List<Check> counted = checks.stream()
                .filter(check -> !check.at().isBefore(span.from()) && check.at().isBefore(span.to()))
                .filter(check -> caller.isEmpty() || caller.get().equals(check.caller()))
                .filter(check -> costCentre.isEmpty() || costCentre.equals(check.costCentre()))
                .toList();
        Map<String, List<Check>> groups = new TreeMap<>();
        counted.forEach(check -> groups.computeIfAbsent(key(grouping, span.zone(), check), any -> new ArrayList<>())
                .add(check));
        List<Figures> items = groups.entrySet().stream()
                .map(group -> figures(group.getKey().equals(NO_KEY) ? null : group.getKey(), group.getValue()))
                .toList();
        return new Insights(span.zone().getId(), span.from(), span.to(), items, figures(null, counted));
    }

    /** A word that sorts after all keys. */
    private static final String NO_KEY = "~";

    private static String key(Grouping grouping, ZoneId zone, Check check) {
        LocalDate day = LocalDate.ofInstant(check.at(), zone);
        return switch (grouping) {
            case DAY -> day.toString();
            case WEEK -> day.minusDays(day.getDayOfWeek().ordinal()).toString();
            case MONTH -> day.toString().substring(0, 7);
            case CALLER -> check.caller();
            case COST_CENTRE -> check.costCentre().orElse(NO_KEY);
            case ACTION_STYLE -> check.style();
        };
    }

    private static Figures figures(String key, List<Check> checks) {
        long opened = count(checks, check -> !check.is("REJECTED"));
        long passed = count(checks, check -> check.is("PASSED"));
        long notPassed = count(checks, check -> check.is("NOT_PASSED"));
        return new Figures(
                key,
                opened,
                count(checks, check -> check.is("REJECTED")),
                refusals(checks),
                passed,
                notPassed,
                count(checks, check -> check.is("FAILED")),
                count(checks, check -> check.is("EXPIRED") && !check.isLost()),
                count(checks, Check::isLost),
                count(checks, check -> check.is("OPENING", "PENDING")),
                share(passed, passed + notPassed),
                share(passed + notPassed, opened),
                seconds(checks),
                costs(checks));
    }

    private static long count(List<Check> checks, Predicate<Check> which) {
        return checks.stream().filter(which).count();
    }

    private static BigDecimal share(long some, long all) {
        return all == 0 ? null : BigDecimal.valueOf(some).divide(BigDecimal.valueOf(all), 4, RoundingMode.HALF_UP);
    }

    private static List<Refusals> refusals(List<Check> checks) {
        return checks.stream()
                .filter(check -> check.is("REJECTED"))
                .collect(Collectors.groupingBy(Check::refusal, Collectors.counting()))
                .entrySet()
                .stream()
                .map(code -> new Refusals(code.getKey().orElse(null), code.getValue()))
                .sorted(Comparator.comparing(Refusals::count)
                        .reversed()
                        .thenComparing(Refusals::code, Comparator.nullsLast(Comparator.naturalOrder())))
                .toList();
    }

    private static Seconds seconds(List<Check> checks) {
        List<Integer> sorted = checks.stream()
                .filter(check -> check.is("PASSED", "NOT_PASSED"))
                .map(check -> (int) Math.max(0, Math.floorDiv(check.millis(), 1_000)))
                .sorted()
                .toList();
        Function<Integer, Integer> percentile = percent -> sorted.get((sorted.size() * percent + 99) / 100 - 1);
        return sorted.isEmpty() ? null : new Seconds(percentile.apply(50), percentile.apply(90), percentile.apply(99));
    }

    private static List<Cost> costs(List<Check> checks) {
        Map<String, List<Check>> byCurrency = checks.stream()
                .filter(check -> !check.charge().equals("NONE"))
                .collect(Collectors.groupingBy(Check::currency, TreeMap::new, Collectors.toList()));
        return byCurrency.entrySet().stream()
                .map(group -> cost(group.getKey(), group.getValue()))
                .toList();
    }

    private static Cost cost(String currency, List<Check> checks) {
        long charged = checks.stream()
                .filter(check -> check.charge().equals("CHARGED"))
                .mapToLong(Check::fee)
                .sum();
        long passed = count(checks, check -> check.is("PASSED"));
        String ofPassed = passed == 0
                ? null
                : new Money(
                                BigDecimal.valueOf(charged)
                                        .divide(BigDecimal.valueOf(passed), 0, RoundingMode.HALF_UP)
                                        .longValueExact(),
                                currency)
                        .decimal();
        return new Cost(currency, new Money(charged, currency).decimal(), ofPassed);
    }
}

package io.liveness.gateway.finance;

import io.liveness.gateway.finance.SumCharges.Grouping;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Fees in all possible states, in a time that no other test uses, and their sums, added one by one. */
final class FeeHistory {

    private static final int FEES = 400;
    private static final int ADJUSTMENTS = 12;
    private static final Duration LENGTH = Duration.ofDays(45);
    private static final List<String> ENDS = List.of(
            "PASSED/CHARGED/200",
            "NOT_PASSED/CHARGED/202",
            "FAILED/REFUNDED/203",
            "EXPIRED/REFUNDED/301",
            "EXPIRED/REFUNDED/",
            "UNKNOWN/REFUNDED/",
            "UNKNOWN/UNCONFIRMED/",
            "PENDING/PRE_DEDUCTED/",
            "REJECTED/NONE/");

    /** @param end status, charge status and verdict */
    record Fee(
            UUID id, String caller, Optional<String> costCentre, String end, long amount, String currency, Instant at) {

        String status() {
            return end.split("/")[1];
        }

        private boolean isPresumed() {
            return end.endsWith("REFUNDED/");
        }

        private boolean wasTaken() {
            return !status().equals("NONE");
        }
    }

    /** @param of a fee that is corrected; none when the session is not there any more */
    record Adjustment(Optional<Fee> of, UUID session, long amount, String currency, Instant at) {

        /** An adjustment counts at its fee's time, unless it is recorded before that. */
        Instant countsAt() {
            return of.map(Fee::at).filter(at::isAfter).orElse(at);
        }
    }

    private final Random random;
    private final Instant from;
    private final List<String> callers;
    private final List<Fee> fees = new ArrayList<>();
    private final List<Adjustment> adjustments = new ArrayList<>();

    /** Each seed has a separate year. */
    FeeHistory(int seed, List<ZoneId> zones) {
        this.random = new Random(seed);
        // Around the changes of daylight-saving time in March and April.
        this.from = Instant.parse((2000 + seed) + "-03-01T00:00:00Z");
        this.callers = List.of("a-" + UUID.randomUUID(), "b-" + UUID.randomUUID(), "c-" + UUID.randomUUID());
        for (int n = 0; n < FEES; n++) {
            fees.add(new Fee(
                    new UUID(random.nextLong(), random.nextLong()),
                    oneOf(callers),
                    oneOf(List.of(Optional.<String>empty(), Optional.of("cc-1"), Optional.of("cc-2"))),
                    oneOf(ENDS),
                    oneOf(List.of(0L, 750_000L, 805_000L, 10_000_000_000_000_000L)),
                    oneOf(List.of("CNY", "CNY", "USD", "JPY")),
                    moment(zones)));
        }
        for (int n = 0; n < ADJUSTMENTS; n++) {
            Fee of = oneOf(fees);
            Optional<Fee> known = n % 4 == 0 ? Optional.empty() : Optional.of(of);
            adjustments.add(new Adjustment(
                    known,
                    known.map(Fee::id).orElseGet(() -> new UUID(random.nextLong(), random.nextLong())),
                    oneOf(List.of(-800_000L, 50_001L)),
                    of.currency(),
                    moment(zones)));
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

    Instant from() {
        return from;
    }

    /** A time after the last fee. */
    Instant to() {
        return from.plus(LENGTH).plus(Duration.ofDays(2));
    }

    List<String> callers() {
        return callers;
    }

    /** The gateway would have written these rows, in the order of sessions, events and ledger. */
    List<String> inserts() {
        return List.of(
                """
                insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                    action_style, actions, action_mutex, anti_camera_hack, cost_centre, fee_amount, fee_currency, attempt, init_at,
                    verdict_code, created_at, updated_at) values\s""" + fees.stream().map(FeeHistory::session).collect(Collectors.joining(",\n")),
                ENTRY
                        + entries(fee ->
                                Optional.of(entry(fee, "PRE_DEDUCT", fee.end().startsWith("UNKNOWN")))),
                ENTRY
                        + entries(fee -> fee.status().equals("CHARGED")
                                        || fee.status().equals("REFUNDED")
                                ? Optional.of(entry(
                                        fee, fee.status().equals("CHARGED") ? "CHARGE" : "REFUND", fee.isPresumed()))
                                : Optional.empty()),
                ENTRY + adjustments.stream().map(FeeHistory::entry).collect(Collectors.joining(",\n")));
    }

    private static final String ENTRY =
            "insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at, caller, cost_centre, init_at) values ";

    private String entries(Function<Fee, Optional<String>> entry) {
        return fees.stream()
                .filter(Fee::wasTaken)
                .map(entry)
                .flatMap(Optional::stream)
                .collect(Collectors.joining(",\n"));
    }

    private static String session(Fee fee) {
        String[] end = fee.end().split("/", -1);
        return "('%s', '%s', '%s', '', '%s', '%s', 'wx.history', 'SILENT', '', true, true, %s, %s, %s, 1, '%s', %s, '%s', '%s')"
                .formatted(
                        fee.id(),
                        fee.caller(),
                        fee.id(),
                        end[0],
                        end[1],
                        literal(fee.costCentre()),
                        fee.wasTaken() ? fee.amount() : "null",
                        fee.wasTaken() ? "'" + fee.currency() + "'" : "null",
                        fee.at(),
                        end[2].isEmpty() ? "null" : end[2],
                        fee.at(),
                        fee.at());
    }

    private static String entry(Fee fee, String kind, boolean presumed) {
        return "('%s', '%s', '%s', %d, '%s', '%s', '%s', %s, '%s')"
                .formatted(
                        fee.id(),
                        kind,
                        presumed ? "PRESUMED" : "RULE",
                        fee.amount(),
                        fee.currency(),
                        fee.at(),
                        fee.caller(),
                        literal(fee.costCentre()),
                        fee.at());
    }

    private static String entry(Adjustment one) {
        return "('%s', 'ADJUSTMENT', 'RULE', %d, '%s', '%s', null, null, null)"
                .formatted(one.session(), one.amount(), one.currency(), one.at());
    }

    private static String literal(Optional<String> value) {
        return value.map(text -> "'" + text + "'").orElse("null");
    }

    /**
     * What the fees of each {@code key currency} come to as {@code preDeducted=3/240 charged=…}, in units of {@code
     * Money}.
     *
     * @param caller whose; all callers' when empty
     */
    Map<String, String> sums(Grouping grouping, ZoneId zone, Instant begin, Instant end, Optional<String> caller) {
        Map<String, Map<String, long[]>> sums = new TreeMap<>();
        fees.stream()
                .filter(Fee::wasTaken)
                .filter(fee -> caller.isEmpty() || caller.get().equals(fee.caller()))
                .filter(fee -> isIn(fee.at(), begin, end))
                .forEach(fee -> {
                    var group = sums.computeIfAbsent(
                            key(grouping, zone, fee.at(), Optional.of(fee)) + " " + fee.currency(), any -> figures());
                    add(group, "preDeducted", fee.amount());
                    add(group, figureOf(fee.status()), fee.amount());
                    if (fee.isPresumed()) {
                        add(group, "presumed", fee.amount());
                    }
                });
        adjustments.stream()
                .filter(one -> caller.isEmpty() || one.of().map(Fee::caller).equals(caller))
                .filter(one -> isIn(one.countsAt(), begin, end))
                .forEach(one -> add(
                        sums.computeIfAbsent(
                                key(grouping, zone, one.countsAt(), one.of()) + " " + one.currency(), any -> figures()),
                        "adjusted",
                        one.amount()));
        Map<String, String> told = new TreeMap<>();
        sums.forEach((group, figures) -> told.put(
                group,
                figures.entrySet().stream()
                        .map(figure -> figure.getKey() + "=" + figure.getValue()[0] + "/" + figure.getValue()[1])
                        .collect(Collectors.joining(" "))));
        return told;
    }

    private static boolean isIn(Instant at, Instant begin, Instant end) {
        return !at.isBefore(begin) && at.isBefore(end);
    }

    private static String key(Grouping grouping, ZoneId zone, Instant at, Optional<Fee> fee) {
        return switch (grouping) {
            case DAY -> LocalDate.ofInstant(at, zone).toString();
            case MONTH -> LocalDate.ofInstant(at, zone).toString().substring(0, 7);
            case CALLER -> fee.map(Fee::caller).orElse("-");
            case COST_CENTRE -> fee.flatMap(Fee::costCentre).orElse("-");
            case STATUS -> fee.map(Fee::status).orElse("-");
        };
    }

    private static String figureOf(String status) {
        return status.equals("PRE_DEDUCTED") ? "open" : status.toLowerCase(Locale.ROOT);
    }

    private static Map<String, long[]> figures() {
        Map<String, long[]> figures = new TreeMap<>();
        for (String name :
                List.of("preDeducted", "charged", "refunded", "presumed", "open", "unconfirmed", "adjusted")) {
            figures.put(name, new long[2]);
        }
        return figures;
    }

    private static void add(Map<String, long[]> figures, String name, long amount) {
        figures.get(name)[0]++;
        figures.get(name)[1] += amount;
    }
}

package io.liveness.gateway.testsupport.load;

import io.liveness.gateway.sandbox.Scenario;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Checks with every possible behaviour of the vendor, and the expected end of each. */
public final class Orders {

    /** A check that a caller wants, with a separate key. */
    public record Order(String key, Scenario scenario) {}

    private static final Map<Scenario, Integer> PARTS_OF_A_HUNDRED = Map.ofEntries(
            Map.entry(Scenario.NOT_PASS, 12),
            Map.entry(Scenario.FAIL, 10),
            Map.entry(Scenario.LATE, 10),
            Map.entry(Scenario.CHARGE_ABSENT, 5),
            Map.entry(Scenario.CHARGE_FALSE, 5),
            Map.entry(Scenario.CONTRADICT, 5),
            Map.entry(Scenario.RESULT_GARBAGE, 3),
            Map.entry(Scenario.RESULT_DROP, 3),
            Map.entry(Scenario.ABANDON, 3));
    private static final int PARTS_OF_A_THOUSAND_OF_OTHERS = 5;

    /** The scenarios that make the vendor answer 500, 606 or 609, which slows reconciling down. */
    private static final List<Scenario> STORMY = List.of(
            Scenario.STORM_609,
            Scenario.RESULT_500,
            Scenario.CODE_500,
            Scenario.CODE_606,
            Scenario.CODE_609,
            Scenario.CODE_609_ONCE);

    private Orders() {}

    /** The orders have every answer that slows reconciling down. */
    public static List<Order> stormy(int count) {
        return numbered("stormy", cycle(count, STORMY));
    }

    /** Orders of every scenario but the stormy ones, in an order that only looks random. */
    public static List<Order> mixed(int count) {
        List<Scenario> scenarios = new ArrayList<>();
        for (Scenario scenario : Scenario.scripted()) {
            int wanted = PARTS_OF_A_HUNDRED.containsKey(scenario)
                    ? count * PARTS_OF_A_HUNDRED.get(scenario) / 100
                    : count * PARTS_OF_A_THOUSAND_OF_OTHERS / 1000;
            scenarios.addAll(Collections.nCopies(STORMY.contains(scenario) ? 0 : wanted, scenario));
        }
        scenarios.addAll(Collections.nCopies(count - scenarios.size(), Scenario.PASS));
        Collections.shuffle(scenarios, new Random(4711));
        return numbered("mixed", scenarios);
    }

    /** The orders come to a verdict without trouble. */
    public static List<Order> calm(String name, int count) {
        return numbered(name, cycle(count, List.of(Scenario.PASS, Scenario.NOT_PASS, Scenario.FAIL, Scenario.LATE)));
    }

    private static List<Scenario> cycle(int count, List<Scenario> scenarios) {
        return IntStream.range(0, count)
                .mapToObj(i -> scenarios.get(i % scenarios.size()))
                .toList();
    }

    private static List<Order> numbered(String name, List<Scenario> scenarios) {
        return IntStream.range(0, scenarios.size())
                .mapToObj(i -> new Order(name + "-" + i, scenarios.get(i)))
                .toList();
    }

    /** The end that a scenario has, in the words of {@link StoredSession#end()}. */
    public static String end(Scenario scenario) {
        return switch (scenario) {
            case PASS,
                    LATE,
                    SLOW,
                    EXPIRED_EARLY,
                    CODE_609_ONCE,
                    CHARGE_ABSENT,
                    STORM_609,
                    RESULT_500,
                    RESULT_GARBAGE,
                    RESULT_DROP -> "PASSED/CHARGED";
            case NOT_PASS, CONTRADICT -> "NOT_PASSED/CHARGED";
            case CHARGE_FALSE -> "PASSED/NONE";
            case FAIL -> "FAILED/REFUNDED";
            case ABANDON -> "EXPIRED/REFUNDED";
            case CODE_400,
                    CODE_404,
                    CODE_500,
                    CODE_601,
                    CODE_602,
                    CODE_604,
                    CODE_606,
                    CODE_607,
                    CODE_609,
                    CODE_999,
                    CODE_777,
                    TOKEN_MISSING_UNCHARGED -> "REJECTED/NONE";
            case CODE_610,
                    CODE_610_CHARGED,
                    REFUSED_CHARGED,
                    REFUSED_UNFLAGGED,
                    TIMEOUT_BEFORE_FEE,
                    TIMEOUT_AFTER_FEE,
                    DROP_BEFORE_FEE,
                    DROP_AFTER_FEE,
                    GARBAGE,
                    HTML,
                    EMPTY,
                    TOKEN_MISSING -> "UNKNOWN/REFUNDED";
            case UNSCRIPTED -> throw new AssertionError("no title chooses it");
        };
    }
}

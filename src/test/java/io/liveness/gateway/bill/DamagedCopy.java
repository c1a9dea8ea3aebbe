package io.liveness.gateway.bill;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A statement with a few lines damaged at random, and the differences that follow from that.
 *
 * @param expected as {@code KIND taskNo}, sorted
 */
record DamagedCopy(String file, List<String> expected) {

    private static final Map<String, String> OTHER_STATUS = Map.of("预扣", "实扣", "实扣", "退回", "退回", "实扣");
    private static final int MOST = 8;

    private enum Damage {
        REMOVED,
        DOUBLED,
        AMOUNT,
        STATUS,
        BROKEN,
        SHIFTED
    }

    /**
     * @param lines of a right statement, without its header
     * @param certain task numbers of fees that were certainly taken: a line of another one may be missing
     * @param known task numbers that our books have
     */
    static DamagedCopy of(String header, List<String> lines, Set<String> certain, Set<String> known, Random random) {
        List<Integer> chosen =
                new ArrayList<>(IntStream.range(0, lines.size()).boxed().toList());
        Collections.shuffle(chosen, random);
        chosen = chosen.subList(0, Math.min(lines.size(), 1 + random.nextInt(MOST)));
        List<String> copy = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(",");
            Damage damage = chosen.contains(i) ? Damage.values()[random.nextInt(Damage.values().length)] : null;
            boolean ours = known.contains(cells[0]);
            if (damage == Damage.REMOVED) {
                if (certain.contains(cells[0])) {
                    expected.add("MISSING_IN_STATEMENT " + cells[0]);
                }
                continue;
            }
            if (damage == Damage.AMOUNT) {
                cells[3] = "0.8" + (1 + random.nextInt(9));
                expected.add((ours ? "AMOUNT_DIFFERS " : "MISSING_IN_LEDGER ") + cells[0]);
            } else if (damage == Damage.STATUS) {
                cells[2] = OTHER_STATUS.get(cells[2]);
                expected.add("STATUS_DIFFERS " + cells[0]);
            } else if (damage == Damage.BROKEN) {
                cells[3] = "1e3";
                expected.add("UNREADABLE_LINE " + cells[0]);
            } else if (damage == Damage.SHIFTED && ours) {
                // The time moves over midnight, because a line is identified by its number.
                cells[1] = cells[1].substring(0, 10) + (random.nextBoolean() ? " 00:01:00" : " 23:59:00");
            }
            copy.add(String.join(",", cells));
            if (damage == Damage.DOUBLED) {
                copy.add(String.join(",", cells));
                expected.add("DUPLICATE_LINE " + cells[0]);
            }
        }
        return new DamagedCopy(
                header + String.join("\n", copy) + "\n",
                expected.stream().sorted().toList());
    }
}

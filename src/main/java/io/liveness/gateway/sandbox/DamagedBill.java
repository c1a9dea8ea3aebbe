package io.liveness.gateway.sandbox;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A bill with six damages, one of each kind of difference that a line can have.
 *
 * @param month such as 2026-10
 * @param file CSV in the gateway's default mapping
 * @param damages task numbers by the kinds of the gateway's API
 */
record DamagedBill(String month, String file, Map<String, String> damages) {

    private static final String CHARGED = "实扣";
    private static final BigDecimal FEN_TOO_MUCH = BigDecimal.valueOf(8);

    /**
     * A line of a bill.
     *
     * @param number the task number
     * @param amount in minor units (分)
     * @param lost whether init's answer was lost, and our books have no number
     */
    record Line(String number, String time, String status, BigDecimal amount, boolean lost) {

        private String with(String otherStatus, String otherAmount) {
            return String.join(",", number, time, otherStatus, otherAmount) + "\n";
        }

        private String right() {
            return with(status, yuan());
        }

        private String yuan() {
            return SandboxApi.yuan(amount);
        }
    }

    /** @param lines of a right bill: dozens, and not all of them charged */
    static DamagedBill of(List<Line> lines) {
        List<Line> charged =
                lines.stream().filter(line -> line.status().equals(CHARGED)).toList();
        List<Line> returned = lines.stream()
                .filter(line -> !line.status().equals(CHARGED) && !line.lost())
                .toList();
        // Far from the edges of the month.
        Line missing = charged.get(charged.size() / 6);
        Line dearer = charged.get(charged.size() / 3);
        Line twice = charged.get(charged.size() / 2);
        Line foreign = charged.get(charged.size() * 2 / 3);
        Line kept = returned.get(returned.size() / 2);
        List<String> file = new ArrayList<>();
        for (Line line : lines) {
            if (line == dearer) {
                file.add(line.with(CHARGED, SandboxApi.yuan(line.amount().add(FEN_TOO_MUCH))));
            } else if (line == foreign) {
                file.add(line.with(CHARGED, "0.12 USD"));
            } else if (line == kept) {
                file.add(line.with(CHARGED, line.yuan()));
            } else if (line != missing) {
                file.add(line.right());
            }
            if (line == twice) {
                file.add(line.right());
            }
        }
        // At night nobody had opened a check.
        Line unknown = new Line(
                "0434" + "9".repeat(20), twice.time().substring(0, 10) + " 03:07:11", CHARGED, twice.amount(), false);
        file.add(unknown.right());
        Map<String, String> damages = new LinkedHashMap<>();
        damages.put("MISSING_IN_STATEMENT", missing.number());
        damages.put("AMOUNT_DIFFERS", dearer.number());
        damages.put("DUPLICATE_LINE", twice.number());
        damages.put("UNREADABLE_LINE", foreign.number());
        damages.put("STATUS_DIFFERS", kept.number());
        damages.put("MISSING_IN_LEDGER", unknown.number());
        return new DamagedBill(
                twice.time().substring(0, 7), SandboxApi.HEADER + file.stream().collect(Collectors.joining()), damages);
    }
}

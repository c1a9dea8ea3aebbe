package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.problem.ProblemException;

/** Why a file is of no use as a workbook. */
final class Damage {

    private Damage() {}

    static ProblemException of(String what) {
        return ProblemException.invalid("body", what);
    }

    /** @param part the damaged part of the file; only the beginning of its name is shown */
    static ProblemException ofPart(String part, String what) {
        return of("is not readable as XLSX: " + shortened(part) + " " + what);
    }

    static ProblemException ofRow(int row, String what) {
        return ProblemException.invalid("line " + row, what);
    }

    private static String shortened(String part) {
        String clean = part.replaceAll("[^ -~]", "?");
        return clean.length() <= 100 ? clean : clean.substring(0, 100);
    }
}

package io.liveness.gateway.testsupport.contract;

import io.liveness.gateway.testsupport.SeenLines;
import io.liveness.gateway.testsupport.http.RawAnswer;
import java.util.List;

/** The answers of the checked-in contract that tests have seen. */
public final class SeenAnswers {

    private static final SeenLines SEEN = new SeenLines("contract.txt");

    private SeenAnswers() {}

    /** @param answer one that keeps the contract */
    public static void add(Request request, RawAnswer answer) {
        Contract.checkedIn()
                .operation(request.method(), request.path())
                .map(operation -> line(operation, Integer.toString(answer.status())))
                .ifPresent(line -> SEEN.add(line, line));
    }

    /** An operation and a status, as they stand in what was seen. */
    public static String line(Operation operation, String status) {
        return operation + " " + status;
    }

    /** The answers are empty when no test has run. */
    public static List<String> all() {
        return SEEN.all();
    }
}

package io.liveness.gateway.statement.difference;

import io.liveness.gateway.finance.Month;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.statement.matching.MatchKind;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which adjustments are listed; all of it must fit.
 *
 * @param from when they were recorded, at the earliest
 * @param to before which they were recorded
 * @param ofMonth that they correct
 */
record AdjustmentFilter(
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<Month> ofMonth,
        Optional<UUID> statement,
        Optional<UUID> session,
        Optional<String> caller,
        Optional<MatchKind> kind) {

    private static final int CALLER = 256;

    /** The query of the list, as it was sent. */
    static class Query extends PageQuery {

        @QueryParam("from")
        String from;

        @QueryParam("to")
        String to;

        @QueryParam("ofMonth")
        String ofMonth;

        @QueryParam("statement")
        String statement;

        @QueryParam("sessionId")
        String sessionId;

        @QueryParam("caller")
        String caller;

        @QueryParam("kind")
        String kind;

        @QueryParam("timeZone")
        String timeZone;

        /** That of the times in a file. */
        ZoneId zone() {
            return Parameters.zone("timeZone", Optional.ofNullable(timeZone).orElse("Asia/Shanghai"));
        }

        AdjustmentFilter filter(ZoneId months) {
            return new AdjustmentFilter(
                    Optional.ofNullable(from).map(given -> Parameters.time("from", given)),
                    Optional.ofNullable(to).map(given -> Parameters.time("to", given)),
                    Optional.ofNullable(ofMonth).map(given -> Month.of(Parameters.month("ofMonth", given), months)),
                    Optional.ofNullable(statement).map(given -> Parameters.uuid("statement", given)),
                    Optional.ofNullable(sessionId).map(given -> Parameters.uuid("sessionId", given)),
                    Optional.ofNullable(caller).map(given -> Parameters.text("caller", given, 1, CALLER)),
                    Optional.ofNullable(kind).map(given -> Parameters.choice("kind", MatchKind.class, given)));
        }
    }

    /** In the words of the API: what it holds of parameters, by their names. */
    Map<String, String> text() {
        Map<String, String> given = new LinkedHashMap<>();
        put(given, "from", from);
        put(given, "to", to);
        put(given, "ofMonth", ofMonth.map(Month::name));
        put(given, "statement", statement);
        put(given, "sessionId", session);
        put(given, "caller", caller);
        put(given, "kind", kind);
        return given;
    }

    private static void put(Map<String, String> given, String name, Optional<?> value) {
        // Lines of the log are told apart by their ends.
        value.ifPresent(present -> given.put(name, present.toString().replaceAll("\\p{Cntrl}", "?")));
    }

    List<?> fingerprint() {
        return List.of("adjustments", from, to, ofMonth, statement, session, caller, kind);
    }
}

package io.liveness.gateway.finance;

import io.liveness.gateway.billing.LedgerBasis;
import io.liveness.gateway.finance.ChargeFilter.Span;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** The query of the list of charges, as it was written. */
class ChargeQuery extends PageQuery {

    private static final int MAX_CALLER = 256;
    private static final int MAX_TASK_NO = 64;
    private static final int MAX_COST_CENTRE = 32;
    private static final String DEFAULT_ZONE = "Asia/Shanghai";

    @QueryParam("from")
    String from;

    @QueryParam("to")
    String to;

    @QueryParam("endedFrom")
    String endedFrom;

    @QueryParam("endedTo")
    String endedTo;

    @QueryParam("status")
    String status;

    @QueryParam("basis")
    String basis;

    @QueryParam("caller")
    String caller;

    @QueryParam("costCentre")
    String costCentre;

    @QueryParam("taskNo")
    String taskNo;

    @QueryParam("sessionId")
    String sessionId;

    @QueryParam("timeZone")
    String timeZone;

    /** That of the times in a file. */
    ZoneId zone() {
        return Parameters.zone("timeZone", Optional.ofNullable(timeZone).orElse(DEFAULT_ZONE));
    }

    ChargeFilter filter(ChargeViewer viewer) {
        return new ChargeFilter(
                viewer.whose(text("caller", caller, MAX_CALLER)),
                text("costCentre", costCentre, MAX_COST_CENTRE),
                Optional.ofNullable(status).map(given -> Parameters.choice("status", FeeStatus.class, given)),
                Optional.ofNullable(basis).map(given -> Parameters.choice("basis", LedgerBasis.class, given)),
                text("taskNo", taskNo, MAX_TASK_NO),
                Optional.ofNullable(sessionId).map(given -> Parameters.uuid("sessionId", given)),
                new Span(time("from", from), time("to", to)),
                new Span(time("endedFrom", endedFrom), time("endedTo", endedTo)));
    }

    private static Optional<String> text(String name, String given, int max) {
        return Optional.ofNullable(given).map(text -> Parameters.text(name, text, 1, max));
    }

    private static Optional<Instant> time(String name, String given) {
        return Optional.ofNullable(given).map(text -> Parameters.time(name, text));
    }
}

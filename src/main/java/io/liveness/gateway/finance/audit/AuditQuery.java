package io.liveness.gateway.finance.audit;

import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.Optional;

/** The query of the audit list, as it was written. */
class AuditQuery extends PageQuery {

    // A caller's name, a slash, and a person's.
    private static final int MAX_WHO = 512;
    private static final int MAX_WHAT = 64;

    @QueryParam("from")
    String from;

    @QueryParam("to")
    String to;

    @QueryParam("who")
    String who;

    @QueryParam("what")
    String what;

    ListAudit.Filter filter() {
        return new ListAudit.Filter(
                text("who", who, MAX_WHO), text("what", what, MAX_WHAT), time("from", from), time("to", to));
    }

    private static Optional<String> text(String name, String given, int max) {
        return Optional.ofNullable(given).map(text -> Parameters.text(name, text, 1, max));
    }

    private static Optional<Instant> time(String name, String given) {
        return Optional.ofNullable(given).map(text -> Parameters.time(name, text));
    }
}

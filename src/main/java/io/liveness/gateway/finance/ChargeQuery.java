package io.liveness.gateway.finance;

import io.liveness.gateway.billing.LedgerBasis;
import io.liveness.gateway.finance.ChargeFilter.Span;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** The query of the list of charges, as it was written. */
class ChargeQuery extends PageQuery {

    private static final int MAX_CALLER = 256;
    private static final int MAX_TASK_NO = 64;
    private static final int MAX_COST_CENTRE = 32;
    private static final int MAX_ZONE = 64;
    private static final String DEFAULT_ZONE = "Asia/Shanghai";

    @QueryParam("from")
    @Parameter(
            description = "Only fees that were pre-deducted at this time or later.",
            schema = @Schema(type = SchemaType.STRING, format = "date-time"),
            example = "2026-10-31T16:00:00Z")
    String from;

    @QueryParam("to")
    @Parameter(
            description = "Only fees that were pre-deducted before this time.",
            schema = @Schema(type = SchemaType.STRING, format = "date-time"),
            example = "2026-11-30T16:00:00Z")
    String to;

    @QueryParam("endedFrom")
    @Parameter(
            description = "Only fees that were charged or came back at this time or later.",
            schema = @Schema(type = SchemaType.STRING, format = "date-time"),
            example = "2026-10-31T16:00:00Z")
    String endedFrom;

    @QueryParam("endedTo")
    @Parameter(
            description = "Only fees that were charged or came back before this time.",
            schema = @Schema(type = SchemaType.STRING, format = "date-time"),
            example = "2026-11-30T16:00:00Z")
    String endedTo;

    @QueryParam("status")
    @Parameter(
            description = "Only fees with this status.",
            schema = @Schema(implementation = FeeStatus.class),
            example = "UNCONFIRMED")
    String status;

    @QueryParam("basis")
    @Parameter(
            description = "Only fees whose status is known in this way.",
            schema = @Schema(implementation = LedgerBasis.class),
            example = "PRESUMED")
    String basis;

    @QueryParam("caller")
    @Parameter(
            description =
                    "Only sessions of this caller; others than the own one are for the roles finance and finance-admin.",
            schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = MAX_CALLER),
            example = "shop")
    String caller;

    @QueryParam("costCentre")
    @Parameter(
            description = "Only sessions that were opened for this cost centre.",
            schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = MAX_COST_CENTRE),
            example = "marketing-eu")
    String costCentre;

    @QueryParam("taskNo")
    @Parameter(
            description = "Only the fee with this number at the vendor: init's, as its bill has it.",
            schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = MAX_TASK_NO),
            example = "043439882226367117195632")
    String taskNo;

    @QueryParam("sessionId")
    @Parameter(
            description = "Only the fee of this session.",
            schema = @Schema(type = SchemaType.STRING, format = "uuid"),
            example = "019e52f0-5a07-7c53-9d3e-5a1f0c4b7a10")
    String sessionId;

    @QueryParam("timeZone")
    @Parameter(
            description = "In which zone of the IANA database a file has its times; a page has them in UTC.",
            schema =
                    @Schema(type = SchemaType.STRING, minLength = 1, maxLength = MAX_ZONE, defaultValue = DEFAULT_ZONE),
            example = "Europe/Berlin")
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

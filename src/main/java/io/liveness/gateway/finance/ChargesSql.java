package io.liveness.gateway.finance;

import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The statements that list charges, one for each index they are read from. $1 caller, $2 cost centre, $3 status, $4 basis, $5 and $6 the
 * span of the pre-deduction, $7 and $8 that of the end, $9 the last session of the page before (else the lowest id), $10 session, $11 task
 * number, $12 how many rows are wanted. A null filter selects all.
 */
final class ChargesSql {

    /** As {@code $9}: before the first row there is. */
    static final UUID BEFORE_ALL = new UUID(0, 0);

    /** As many rows of an index are read for a page, whether they are of the list or not. */
    static final int MOST_READ = 2_000;

    /** How the present state of the fee is known: by its last movement. Null while the ledger lacks that. */
    private static final String BASIS = """
            case when s.charge_status in ('CHARGED', 'REFUNDED')
                 then (select e.basis from ledger_entry e where e.session_id = s.id and e.kind in ('CHARGE', 'REFUND'))
                 else (select e.basis from ledger_entry e where e.session_id = s.id and e.kind = 'PRE_DEDUCT') end""";

    /** In the order in which {@link ChargeRow#of} reads them. */
    private static final String COLUMNS = "s.id, s.caller, s.task_no, s.charge_status, " + BASIS
            + ", s.fee_amount, s.fee_currency, s.init_at," + " s.charge_settled_at, s.reference, s.cost_centre";

    private static final String LISTED = """
            s.fee_amount is not null
                and ($1::text is null or s.caller = $1)
                and ($2::text is null or s.cost_centre = $2)
                and ($3::text is null or s.charge_status = $3)
                and ($5::timestamptz is null or s.init_at >= $5)
                and ($6::timestamptz is null or s.init_at < $6)
                and ($7::timestamptz is null or s.charge_settled_at >= $7)
                and ($8::timestamptz is null or s.charge_settled_at < $8)
                and ($10::uuid is null or s.id = $10)
                and ($11::text is null or s.task_no = $11)
                and ($4::text is null or %s = $4)""".formatted(BASIS);

    private static final Map<ChargePosition, String> PAGE = new EnumMap<>(ChargePosition.class);
    private static final Map<ChargePosition, String> WHOLE = new EnumMap<>(ChargePosition.class);

    static {
        for (ChargePosition position : ChargePosition.values()) {
            PAGE.put(position, readPage(position));
            WHOLE.put(position, readWhole(position));
        }
    }

    private ChargesSql() {}

    /**
     * Answers rows of the list, rows beyond it, and the last one that is read for a page. It stops as soon as it has as many as are
     * wanted.
     */
    static String page(ChargePosition position) {
        return PAGE.get(position);
    }

    private static String readPage(ChargePosition position) {
        return """
                select %s, s.listed, s.beyond, s.last
                from (
                    select s.*, s.nth = %d as last, coalesce(%s, false) as beyond, coalesce(%s, false) as listed
                    from (
                        select s.*, row_number() over () as nth
                        from (select * from liveness_session s %s limit %2$d) s
                    ) s
                ) s
                where s.listed or s.beyond or s.last
                limit $12
                """.formatted(COLUMNS, MOST_READ, position.beyond(), LISTED, position.read());
    }

    /**
     * For a cursor: returns all rows of the list, and marker rows that do not belong to it: the first row beyond the list, where reading
     * stops, and every {@link #MOST_READ}th row read, so that a fetch returns soon although the filter selects few rows. It has no $12.
     */
    static String whole(ChargePosition position) {
        return WHOLE.get(position);
    }

    private static String readWhole(ChargePosition position) {
        return """
                select %s, s.listed, s.beyond
                from (
                    select s.*, s.nth %% %d = 0 as milestone, coalesce(%s, false) as beyond, coalesce(%s, false) as listed
                    from (
                        select s.*, row_number() over () as nth
                        from (select * from liveness_session s %s) s
                    ) s
                ) s
                where s.listed or s.beyond or s.milestone
                """.formatted(COLUMNS, MOST_READ, position.beyond(), LISTED, position.read());
    }

    /** $1 to $11. */
    static Tuple parameters(ChargeFilter filter, UUID after) {
        return Tuple.tuple()
                .addString(filter.caller().orElse(null))
                .addString(filter.costCentre().orElse(null))
                .addString(filter.status().map(Enum::name).orElse(null))
                .addString(filter.basis().map(Enum::name).orElse(null))
                .addOffsetDateTime(time(filter.opened().from()))
                .addOffsetDateTime(time(filter.opened().to()))
                .addOffsetDateTime(time(filter.ended().from()))
                .addOffsetDateTime(time(filter.ended().to()))
                .addUUID(after)
                .addUUID(filter.session().orElse(null))
                .addString(filter.taskNo().orElse(null));
    }

    private static OffsetDateTime time(Optional<Instant> time) {
        return time.map(instant -> instant.atOffset(ZoneOffset.UTC)).orElse(null);
    }
}

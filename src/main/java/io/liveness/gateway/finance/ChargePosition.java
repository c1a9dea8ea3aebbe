package io.liveness.gateway.finance;

/**
 * From where on in which index charges are read: from a row of the index's columns, see
 * {@code docs/decisions/0040-charges-by-position.md}. The parameters are those of {@link ChargesSql}.
 */
enum ChargePosition {
    /** Of one session. */
    SESSION("s.id = $10"),
    /** Of one number at the vendor. It is sought first, so that nothing is left to choose. */
    TASK_NO("s.id = any (array("
            + "select e.session_id from ledger_entry e where e.kind = 'PRE_DEDUCT' and e.task_no = $11 limit 500))"),
    CALLERS_END("s.charge_settled_at is not null", Time.ENDED, "caller", "$1"),
    END("s.charge_settled_at is not null", Time.ENDED),
    CALLER("s.fee_amount is not null", Time.OPENED, "caller", "$1"),
    COST_CENTRE("s.fee_amount is not null and s.cost_centre is not null", Time.OPENED, "cost_centre", "$2"),
    /** Fees that have not ended: of sessions that are open, and those that are lost. */
    OPEN("(s.status in ('OPENING', 'PENDING') or s.charge_status = 'UNCONFIRMED')", Time.OPENED),
    PRESUMED("s.fee_amount is not null and s.verdict_code is null and s.status in ('UNKNOWN', 'EXPIRED')", Time.OPENED),
    TIME("s.fee_amount is not null", Time.OPENED);

    /** By which time the index is ordered, and the parameters that bound it. */
    private enum Time {
        OPENED("init_at", "$5", "$6"),
        ENDED("charge_settled_at", "$7", "$8");

        final String column;
        final String from;
        final String to;

        Time(String column, String from, String to) {
            this.column = column;
            this.from = from;
            this.to = to;
        }

        /** The time of the last row of the page before, else the end of the span. */
        String before() {
            return ("coalesce((select %s from liveness_session where id = $9 and ($1::text is null or caller = $1)), %s,"
                            + " 'infinity'::timestamptz)")
                    .formatted(column, to);
        }
    }

    private final String read;
    private final String beyond;

    /** A few rows, found before they are ordered. */
    ChargePosition(String condition) {
        this.read = "where %s and (s.init_at, s.id) < (%s, $9) order by s.init_at desc, s.id desc"
                .formatted(condition, Time.OPENED.before());
        this.beyond = "false";
    }

    /** @param predicate that the index is made with */
    ChargePosition(String predicate, Time time) {
        this.read = "where (s.%1$s, s.id) < (%2$s, $9) and %3$s order by s.%1$s desc, s.id desc"
                .formatted(time.column, time.before(), predicate);
        this.beyond = "s.%s < %s".formatted(time.column, time.from);
    }

    /** @param column the index's first one */
    ChargePosition(String predicate, Time time, String column, String value) {
        this.read =
                "where (s.%1$s, s.%2$s, s.id) < (%3$s, %4$s, $9) and %5$s order by s.%1$s desc, s.%2$s desc, s.id desc"
                        .formatted(column, time.column, value, time.before(), predicate);
        this.beyond = "s.%s <> %s or s.%s < %s".formatted(column, value, time.column, time.from);
    }

    static ChargePosition of(ChargeFilter filter) {
        if (filter.session().isPresent()) {
            return SESSION;
        }
        if (filter.taskNo().isPresent()) {
            return TASK_NO;
        }
        if (filter.caller().isPresent()) {
            return filter.ended().isBounded() ? CALLERS_END : CALLER;
        }
        if (filter.ended().isBounded()) {
            return END;
        }
        if (filter.isOpen()) {
            return OPEN;
        }
        if (filter.isPresumed()) {
            return PRESUMED;
        }
        return filter.costCentre().isPresent() ? COST_CENTRE : TIME;
    }

    /** Condition and order of the rows that are read, in SQL. */
    String read() {
        return read;
    }

    /** Whether a row that was read, and so all after it, is past the end of the list, in SQL. */
    String beyond() {
        return beyond;
    }
}

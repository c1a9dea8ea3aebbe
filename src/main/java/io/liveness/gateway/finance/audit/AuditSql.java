package io.liveness.gateway.finance.audit;

/**
 * The statements that list entries, newest first, each from one index: $1 who, $2 what, $3 and $4 the span, $5 the last entry of the page
 * before (else the lowest id), $6 how many are wanted. Where the index begins with {@code who} or {@code what}, so does the order, so that
 * no other index fits.
 */
final class AuditSql {

    private static final String BEFORE =
            "coalesce((select at from audit_entry where id = $5), $4, 'infinity'::timestamptz)";
    private static final String FROM = "coalesce($3::timestamptz, '-infinity')";

    private static final String PAGE = """
            select a.id, a.at, a.who, a.what, a.subject, a.detail
            from audit_entry a
            where (%1$sa.at, a.id) < (%2$s%3$s, $5) and (%1$sa.at) >= (%2$s%4$s)
                and ($1::text is null or a.who = $1) and ($2::text is null or a.what = $2)
            order by %5$sa.at desc, a.id desc
            limit $6
            """;

    static final String OF_ALL = PAGE.formatted("", "", BEFORE, FROM, "");
    static final String OF_ONE = PAGE.formatted("a.who, ", "$1, ", BEFORE, FROM, "a.who desc, ");
    static final String OF_A_KIND = PAGE.formatted("a.what, ", "$2, ", BEFORE, FROM, "a.what desc, ");

    private AuditSql() {}

    static String page(AuditFilter filter) {
        if (filter.who().isPresent()) {
            return OF_ONE;
        }
        return filter.what().isPresent() ? OF_A_KIND : OF_ALL;
    }
}

package io.liveness.gateway.platform.security;

import java.util.Set;

/** What a caller may do: by its claim {@code groups}, and by {@code liveness.roles}. */
public final class Roles {

    /** Opens, reads, checks and erases its own sessions. */
    public static final String LIVENESS = "liveness";

    /** Beside {@link #LIVENESS}: imports sessions that another integration has opened, and says what the vendor took for them. */
    public static final String IMPORTER = "importer";

    /** Sees the money of all callers, and no faces, tokens, addresses or metadata. */
    public static final String FINANCE = "finance";

    /** Confirms adjustments, closes periods and sets budgets; sees what {@link #FINANCE} sees. */
    public static final String FINANCE_ADMIN = "finance-admin";

    /**
     * Reads, lists and follows the events of every session, without token, checkUrl, face, metadata and returnUrl; repeats erasures after a
     * restore.
     */
    public static final String OPERATOR = "operator";

    /** Beside {@link #OPERATOR}: sees metadata and returnUrl of every session too. */
    public static final String OPERATOR_DATA = "operator-data";

    static final Set<String> ALL = Set.of(LIVENESS, IMPORTER, FINANCE, FINANCE_ADMIN, OPERATOR, OPERATOR_DATA);

    private Roles() {}
}

package io.liveness.gateway.platform.security;

import java.util.Set;

/** What a caller may do: by its claim {@code groups}, and by {@code liveness.roles}. */
public final class Roles {

    /** Opens, reads and checks its own sessions. */
    public static final String LIVENESS = "liveness";

    /** Sees the money of all callers, and no faces, tokens, addresses or metadata. */
    public static final String FINANCE = "finance";

    /** Confirms adjustments, closes periods and sets budgets; sees what {@link #FINANCE} sees. */
    public static final String FINANCE_ADMIN = "finance-admin";

    /** Reads, lists and follows the events of every session, without token, checkUrl and face. */
    public static final String OPERATOR = "operator";

    static final Set<String> ALL = Set.of(LIVENESS, FINANCE, FINANCE_ADMIN, OPERATOR);

    private Roles() {}
}

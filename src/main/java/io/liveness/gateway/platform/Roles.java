package io.liveness.gateway.platform;

/** The roles of the claim {@code groups}. */
public final class Roles {

    /** Opens, reads and checks its own sessions. */
    public static final String LIVENESS = "liveness";

    private Roles() {}
}

package io.liveness.gateway.check;

/** The path of sessions in the HTTP API, which several resources share. */
public final class SessionPath {

    public static final String PATH = "/v1/liveness-sessions";

    private SessionPath() {}
}

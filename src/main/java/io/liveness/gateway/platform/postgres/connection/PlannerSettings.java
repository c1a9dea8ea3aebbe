package io.liveness.gateway.platform.postgres.connection;

import java.util.List;

/** What PostgreSQL's planner leaves off for the service: all its statements are few rows by their key. */
public final class PlannerSettings {

    /**
     * A misjudged statement is compiled for seconds by JIT at each execution, and a table without statistics is read as a
     * whole or hashed.
     */
    public static final List<String> OFF = List.of("jit", "enable_seqscan", "enable_hashjoin", "enable_mergejoin");

    private PlannerSettings() {}
}

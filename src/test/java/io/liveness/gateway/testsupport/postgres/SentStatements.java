package io.liveness.gateway.testsupport.postgres;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/** The statements for sessions that a gateway in this process has sent to the database, in order. Each is a round trip. */
public final class SentStatements {

    private static final Pattern OF_SESSIONS =
            Pattern.compile("\\b(liveness_session|session_schedule|session_event|vendor_budget\\w*)\\b");
    private static final Queue<String> SENT = new ConcurrentLinkedQueue<>();

    private SentStatements() {}

    static void add(String sql) {
        if (OF_SESSIONS.matcher(sql).find()) {
            SENT.add(sql);
        }
    }

    /** Those that were sent meanwhile. */
    public static List<String> during(Runnable work) {
        SENT.clear();
        work.run();
        return List.copyOf(SENT);
    }
}

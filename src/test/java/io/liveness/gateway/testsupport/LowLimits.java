package io.liveness.gateway.testsupport;

import io.liveness.gateway.testsupport.http.TlsUpstreams;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/**
 * A gateway with limits that a test reaches soon, and whose price is finer than a minor unit. It does not wait long: for readers of files
 * that have stopped reading, for its own work before it answers, and for face images. Face images come from servers that a test starts, and
 * webhooks go to one: {@link TlsUpstreams}.
 */
public final class LowLimits implements QuarkusTestProfile {

    public static final int REQUESTS_PER_SECOND = 60;
    public static final int RETURNING = 2;
    public static final int OPEN_SESSIONS = 3;
    public static final String COST_CENTRE = "marketing-eu";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.ofEntries(
                // Many at once are slow on a small machine, and an answer that is late ends a session otherwise.
                Map.entry("jumdata.timeout", "5s"),
                Map.entry("liveness.billing.prices", "2020-01-01=0.805 CNY"),
                Map.entry("liveness.session.cost-centres", "finance," + COST_CENTRE),
                Map.entry("liveness.waiters.max", "3"),
                Map.entry("liveness.waiters.max-per-caller", "2"),
                Map.entry("liveness.face.max-bytes", "40M"),
                Map.entry("liveness.face.timeout", "3s"),
                Map.entry("liveness.face.max-duration", "12s"),
                Map.entry("liveness.face.max-concurrent", "3"),
                Map.entry("liveness.face.max-concurrent-per-caller", "2"),
                Map.entry("liveness.return-hop.max-concurrent", Integer.toString(RETURNING)),
                Map.entry("liveness.finance.approval.withdrawal-above", "0.00 CNY"),
                Map.entry("liveness.exports.max-duration", "6s"),
                Map.entry("liveness.statement.answer-within", "1ms"),
                Map.entry("liveness.limits.requests-per-second", Integer.toString(REQUESTS_PER_SECOND)),
                Map.entry("liveness.limits.open-sessions", Integer.toString(OPEN_SESSIONS)),
                // The tests' own client is to be more patient than the server.
                Map.entry("quarkus.http.test-timeout", "90s"),
                Map.entry("quarkus.http.idle-timeout", "31s"));
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(TlsUpstreams.class));
    }
}

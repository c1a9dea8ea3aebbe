package io.liveness.gateway.testsupport;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A gateway that does not wait long: for readers of files that have stopped reading, and for its own work before it answers. */
public final class ShortPatience implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("liveness.exports.stall-timeout", "2s", "liveness.statement.answer-within", "1ms");
    }
}

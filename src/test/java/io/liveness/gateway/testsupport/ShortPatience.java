package io.liveness.gateway.testsupport;

import io.liveness.gateway.testsupport.http.FaceUpstream;
import io.liveness.gateway.testsupport.http.WebhookUpstream;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/**
 * A gateway that does not wait long: for readers of files that have stopped reading, for its own work before it answers, and for
 * face images. Face images come from servers that a test starts, and webhooks go to one: {@link FaceUpstream}, {@link WebhookUpstream}.
 */
public final class ShortPatience implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("liveness.exports.stall-timeout", "2s", "liveness.statement.answer-within", "1ms");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(FaceUpstream.class), new TestResourceEntry(WebhookUpstream.class));
    }
}

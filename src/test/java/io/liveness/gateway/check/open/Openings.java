package io.liveness.gateway.check.open;

import io.liveness.gateway.platform.security.Caller;
import java.time.Instant;
import java.util.UUID;

/** First attempts to open {@code {"returnUrl":"wx.history"}}. */
public final class Openings {

    private Openings() {}

    /** One that began now and whose init may be sent for a minute. */
    public static Opening of(String caller, String key, Instant now) {
        OpenSessionRequest request =
                new OpenSessionRequest("wx.history", null, null, null, null, null, null, null, null).withDefaults();
        return new Opening(
                UUID.randomUUID(),
                new Caller(caller),
                key,
                request,
                request.hash(),
                1,
                now,
                now.plusSeconds(60),
                UUID.randomUUID());
    }
}

package io.liveness.gateway.retention;

import jakarta.inject.Singleton;
import java.time.Duration;

/** Runs thinning for tests of other packages. */
@Singleton
public class Thinning {

    private final ThinSessions thinning;

    Thinning(ThinSessions thinning) {
        this.thinning = thinning;
    }

    public void run() {
        thinning.thin().await().atMost(Duration.ofSeconds(20));
    }
}

package io.liveness.gateway.privacy;

import jakarta.inject.Singleton;

/** Runs thinning for tests of other packages. */
@Singleton
public class Thinning {

    private final ThinSessions thinning;

    Thinning(ThinSessions thinning) {
        this.thinning = thinning;
    }

    public void run() {
        thinning.thin();
    }
}

package io.liveness.gateway.platform.export;

import io.liveness.gateway.platform.postgres.connection.LongestRead;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Exports are the longest reads, see {@link ExportsConfig#maxDuration}. */
@Singleton
class LongestExport implements LongestRead {

    private final ExportsConfig config;

    LongestExport(ExportsConfig config) {
        this.config = config;
    }

    @Override
    public Duration duration() {
        return config.maxDuration();
    }
}

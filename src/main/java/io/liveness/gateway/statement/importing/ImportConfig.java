package io.liveness.gateway.statement.importing;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What a statement may be like, and how long its import may take. */
@ConfigMapping(prefix = "liveness.statement")
interface ImportConfig {

    /** The largest file. */
    @WithDefault("200M")
    MemorySize maxFileSize();

    /** What a workbook (XLSX) comes to at most when it is inflated; of its parts those that are read count. */
    @WithDefault("1G")
    MemorySize maxInflatedSize();

    /** As many lines a file has at most. */
    @WithDefault("2000000")
    @Min(value = 1, message = "liveness.statement.max-lines must be at least 1")
    @Max(value = 50_000_000, message = "liveness.statement.max-lines must be at most 50000000")
    int maxLines();

    /** The longest a file may be on its way. */
    @WithDefault("15m")
    @DurationMin(seconds = 10, message = "liveness.statement.receive-timeout must be at least 10s")
    @DurationMax(hours = 2, message = "liveness.statement.receive-timeout must be at most 2h")
    Duration receiveTimeout();

    /** An import that is done sooner is answered with its result, any other with where to look for it. */
    @WithDefault("20s")
    @DurationMax(seconds = 50, message = "liveness.statement.answer-within must be at most 50s")
    Duration answerWithin();
}

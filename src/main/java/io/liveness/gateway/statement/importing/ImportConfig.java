package io.liveness.gateway.statement.importing;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Limits for the import of statements. */
@ConfigMapping(prefix = "liveness.statement")
interface ImportConfig {

    /**
     * Largest statement. Any other request body has at most 128 KB.
     *
     * @see <a href="docs/finance.md#statements">statements</a>
     */
    @WithDefault("200M")
    MemorySize maxFileSize();

    /** Largest size of a workbook (XLSX) after it is inflated, counted over the parts that are read. */
    @WithDefault("1G")
    MemorySize maxInflatedSize();

    /** Lines of a statement. */
    @WithDefault("2000000")
    @Min(value = 1, message = "liveness.statement.max-lines must be at least 1")
    @Max(value = 50_000_000, message = "liveness.statement.max-lines must be at most 50000000")
    int maxLines();

    /** Longest time for the upload of a statement. */
    @WithDefault("15m")
    @DurationMin(seconds = 10, message = "liveness.statement.receive-timeout must be at least 10s")
    @DurationMax(hours = 2, message = "liveness.statement.receive-timeout must be at most 2h")
    Duration receiveTimeout();

    /** An import that takes longer is answered 202 and continues in the background. */
    @WithDefault("20s")
    @DurationMin(millis = 1, message = "liveness.statement.answer-within must be at least 1ms")
    @DurationMax(seconds = 50, message = "liveness.statement.answer-within must be at most 50s")
    Duration answerWithin();
}

package io.liveness.gateway.platform;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Makes metrics of Quarkus and Java keep Prometheus' rules for names, so that {@code promtool check metrics} passes. */
@Singleton
class ForeignMetrics implements MeterFilter {

    private static final Pattern HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    /** The meter counts nanoseconds, where the rules want seconds; {@code process_cpu_usage} tells the same. */
    private static final String CPU_TIME = "process.cpu.time";

    private static final String CPU_COUNT = "system.cpu.count";
    private static final String CPUS = "system.cpus";

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        // Timers of what is under way, here connections, have series that belong to no metric; gauges count the same.
        return id.getName().equals(CPU_TIME) || id.getType() == Meter.Type.LONG_TASK_TIMER
                ? MeterFilterReply.DENY
                : MeterFilterReply.NEUTRAL;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        Meter.Id named = id.getName().equals(CPU_COUNT) ? id.withName(CPUS) : id;
        return described(
                named.getTags().stream()
                                .anyMatch(tag -> HUMP.matcher(tag.getKey()).find())
                        ? inSnakeCase(named)
                        : named);
    }

    private static Meter.Id inSnakeCase(Meter.Id id) {
        List<Tag> tags = id.getTags().stream()
                .map(tag -> Tag.of(HUMP.matcher(tag.getKey()).replaceAll("_").toLowerCase(Locale.ROOT), tag.getValue()))
                .toList();
        return id.replaceTags(tags);
    }

    private static Meter.Id described(Meter.Id id) {
        return id.getDescription() != null
                ? id
                : new Meter.Id(
                        id.getName(),
                        Tags.of(id.getTags()),
                        id.getBaseUnit(),
                        "See the documentation of Quarkus and Micrometer",
                        id.getType());
    }
}

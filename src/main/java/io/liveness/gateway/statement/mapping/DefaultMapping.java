package io.liveness.gateway.statement.mapping;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The mapping of {@code liveness.statement.default-mapping}. */
@Singleton
class DefaultMapping implements ConfigurationRule {

    private static final String PROPERTY = "liveness.statement.default-mapping";

    private final Mapping mapping;

    DefaultMapping(DefaultMappingConfig config) {
        this.mapping = checked(new Mapping(
                columns(config.columns()),
                config.timeFormats(),
                config.timeZone(),
                words(config.statusWords()),
                config.currency(),
                config.sign(),
                config.totalWords(),
                null));
    }

    Mapping mapping() {
        return mapping;
    }

    private static Columns columns(List<String> names) {
        return switch (names.size()) {
            case 4 -> new Columns(names.get(0), null, names.get(1), names.get(2), names.get(3), null, null);
            case 5 -> new Columns(names.get(0), null, names.get(1), names.get(2), null, names.get(3), names.get(4));
            default ->
                throw new IllegalArgumentException(
                        PROPERTY
                                + ".columns must be <taskNo>,<time>,<status>,<amount> or <taskNo>,<time>,<status>,<count>,<price>");
        };
    }

    private static Map<String, StatedStatus> words(List<String> given) {
        Map<String, StatedStatus> words = new TreeMap<>();
        for (String pair : given) {
            int sign = pair.lastIndexOf('=');
            try {
                words.put(
                        pair.substring(0, sign).strip(),
                        StatedStatus.valueOf(pair.substring(sign + 1).strip()));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException(
                        PROPERTY + ".status-words must be <word>=<PRE_DEDUCTED, CHARGED or REFUNDED>,…, not " + pair,
                        e);
            }
        }
        return words;
    }

    private static Mapping checked(Mapping mapping) {
        try {
            return mapping.checked();
        } catch (ProblemException e) {
            throw new IllegalArgumentException(
                    e.errors().stream().map(DefaultMapping::text).collect(Collectors.joining("; ")), e);
        }
    }

    /** With the property's name: that of {@code timeZone} is {@code time-zone}. */
    private static String text(FieldError error) {
        String property = error.field().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return PROPERTY + "." + property + " " + error.message();
    }
}

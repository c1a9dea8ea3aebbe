package io.liveness.gateway.statement.mapping;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.statement.mapping.Mapping.StatedStatus;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
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

    /** Mapping of a statement's columns when its import names none. */
    @ConfigMapping(prefix = "liveness.statement.default-mapping")
    interface Config {

        /** Columns of task number, time, status, amount, or task number, time, status, count, price, when an import names no mapping. */
        @WithDefault("taskNo,time,status,amount")
        List<String> columns();

        /** Formats of times, tried in this order. */
        @WithDefault("yyyy-MM-dd HH:mm:ss,yyyy/M/d H:mm:ss,yyyy-MM-dd'T'HH:mm:ssXXX")
        List<String> timeFormats();

        /** Time zone of times without an offset. */
        @WithDefault("Asia/Shanghai")
        String timeZone();

        /** {@code <word>=<status>,…}. */
        @WithDefault(
                "预扣=PRE_DEDUCTED,实扣=CHARGED,退回=REFUNDED,PRE_DEDUCTED=PRE_DEDUCTED,CHARGED=CHARGED,REFUNDED=REFUNDED")
        List<String> statusWords();

        /** Currency of amounts. */
        @WithDefault("CNY")
        String currency();

        /** Sign of amounts: {@code POSITIVE}, {@code NEGATIVE}, {@code IGNORED}. */
        @WithDefault("POSITIVE")
        Mapping.Sign sign();

        /** Words that begin the row of totals. */
        @WithDefault("合计,总计,Total")
        List<String> totalWords();
    }

    private final Mapping mapping;

    DefaultMapping(Config config) {
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

    private static Mapping.Columns columns(List<String> names) {
        return switch (names.size()) {
            case 4 -> new Mapping.Columns(names.get(0), null, names.get(1), names.get(2), names.get(3), null, null);
            case 5 ->
                new Mapping.Columns(names.get(0), null, names.get(1), names.get(2), null, names.get(3), names.get(4));
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

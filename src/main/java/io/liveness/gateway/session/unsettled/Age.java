package io.liveness.gateway.session.unsettled;

import java.time.Duration;
import java.util.Arrays;

/** How long ago init was sent. */
enum Age {
    UNDER_A_MINUTE("0-1m", Duration.ZERO),
    UNDER_TEN_MINUTES("1-10m", Duration.ofMinutes(1)),
    UNDER_AN_HOUR("10-60m", Duration.ofMinutes(10)),
    UNDER_TWO_HOURS("1-2h", Duration.ofHours(1)),
    LONGER("2h-", Duration.ofHours(2));

    private final String label;
    private final Duration from;

    Age(String label, Duration from) {
        this.label = label;
        this.from = from;
    }

    /** As metrics have it. */
    String label() {
        return label;
    }

    /** Where all but the first begin, in seconds: with these thresholds, {@code width_bucket} answers an age's ordinal. */
    static Double[] thresholds() {
        return Arrays.stream(values())
                .skip(1)
                .map(age -> (double) age.from.toSeconds())
                .toArray(Double[]::new);
    }
}

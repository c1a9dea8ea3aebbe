package io.liveness.gateway.finance.summary;

import java.time.Duration;
import java.util.Arrays;

/** How long ago a fee that is open was pre-deducted. Longer than a token's life and the grace after it only after an outage. */
enum OpenAge {
    UNDER_TEN_MINUTES("0-10m", Duration.ZERO),
    UNDER_AN_HOUR("10-60m", Duration.ofMinutes(10)),
    UNDER_TWO_HOURS("1-2h", Duration.ofHours(1)),
    UNDER_FOUR_HOURS("2-4h", Duration.ofHours(2)),
    LONGER("4h-", Duration.ofHours(4));

    private final String label;
    private final Duration from;

    OpenAge(String label, Duration from) {
        this.label = label;
        this.from = from;
    }

    /** As the API has it. */
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

package io.liveness.gateway.statement.difference;

import io.liveness.gateway.ledger.Money;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.inject.Singleton;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Above which amount a second person confirms, by {@code liveness.finance.four-eyes-above}. */
@Singleton
class FourEyes implements ConfigurationRule {

    private static final String PROPERTY = "liveness.finance.four-eyes-above";
    private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d+)?) ([A-Z]{3})");

    /** When a second person confirms an adjustment. */
    @ConfigMapping(prefix = "liveness.finance")
    interface Config {

        /**
         * What a person accepts of a statement beyond this, or in another currency, a second person confirms.
         *
         * @see <a href="docs/finance.md#differences">differences</a>
         */
        @WithDefault("100.00 CNY")
        String fourEyesAbove();
    }

    private final Money above;

    FourEyes(Config config) {
        String given = config.fourEyesAbove();
        Matcher form = FORM.matcher(given.strip());
        try {
            if (!form.matches()) {
                throw new IllegalArgumentException("it does not have that form");
            }
            this.above = Money.parse(form.group(1), form.group(2));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    PROPERTY + " must be <amount> <currency>; wrong is '" + given + "': " + e.getMessage(), e);
        }
    }

    Money above() {
        return above;
    }
}

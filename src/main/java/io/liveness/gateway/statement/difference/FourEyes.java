package io.liveness.gateway.statement.difference;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Above which amount a second person confirms, by {@code liveness.finance.four-eyes-above}. */
@Singleton
class FourEyes implements ConfigurationRule {

    private static final String PROPERTY = "liveness.finance.four-eyes-above";
    private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d+)?) ([A-Z]{3})");

    private final Money above;

    @Inject
    FourEyes(FourEyesConfig config) {
        this(config.fourEyesAbove());
    }

    FourEyes(String given) {
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

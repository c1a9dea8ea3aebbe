package io.liveness.gateway.finance.budget;

import io.liveness.gateway.billing.Money;
import java.time.Instant;
import java.util.Optional;

/**
 * What a caller may spend in a month.
 *
 * @param hardStop whether nothing is opened once it is spent
 * @param set who set it by the API and when; empty when it is configured
 */
record Budget(String caller, Money amount, boolean hardStop, Optional<Set> set) {

    record Set(String by, Instant at) {}
}

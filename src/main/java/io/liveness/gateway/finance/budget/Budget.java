package io.liveness.gateway.finance.budget;

import io.liveness.gateway.billing.Money;
import java.time.Instant;
import java.util.Optional;

/**
 * The monthly budget of a caller.
 *
 * @param hardStop whether opens are refused once it is spent
 * @param set the actor that set it by the API, and when; empty when it is configured
 */
record Budget(String caller, Money amount, boolean hardStop, Optional<Set> set) {

    record Set(String by, Instant at) {}
}

/** Checks before a month is closed; other packages add a bean of type {@code ClosingCheck}. */
package io.liveness.gateway.finance.period.checks;

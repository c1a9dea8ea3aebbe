/** What has to be in order before a month is closed; others add theirs by a bean of {@code ClosingCheck}. */
package io.liveness.gateway.finance.period.checks;

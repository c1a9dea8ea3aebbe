package io.liveness.gateway.finance.period;

import java.time.YearMonth;

/**
 * A month that is to be closed, softly or for good.
 *
 * @param by the caller, or a person
 * @param key theirs, for this request
 */
record PeriodRequest(YearMonth month, String by, String key) {}

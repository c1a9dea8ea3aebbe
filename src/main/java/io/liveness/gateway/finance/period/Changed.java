package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.period.checks.Finding;
import java.util.List;

/**
 * A month after a request.
 *
 * @param findings reasons against closing it
 * @param replayed whether an earlier request with the same key had done it
 */
record Changed(Period period, List<Finding> findings, boolean replayed) {}

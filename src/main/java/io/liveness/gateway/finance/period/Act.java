package io.liveness.gateway.finance.period;

/** What is done to a month, as its key is stored with. */
enum Act {
    SOFT_CLOSE,
    CLOSE
}

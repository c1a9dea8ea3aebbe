/** The rows behind a month, in the form that its hash is of. */
package io.liveness.gateway.finance.period.proof;

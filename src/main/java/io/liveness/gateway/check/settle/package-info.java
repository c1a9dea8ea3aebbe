/** Settles sessions: polls the vendor for those that are due, records its answers, and writes off what has none. */
package io.liveness.gateway.check.settle;

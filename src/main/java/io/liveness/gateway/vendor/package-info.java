/**
 * The port to a liveness vendor: open a check, ask for its verdict. The outcome types are sealed and total, so the
 * compiler makes each caller of the vendor decide about every case.
 */
package io.liveness.gateway.vendor;

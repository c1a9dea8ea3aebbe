/** The keys by which a request of finance that changes something does it once. */
package io.liveness.gateway.finance.keys;

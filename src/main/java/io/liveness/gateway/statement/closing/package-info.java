/** What statements say against the closing of a month. */
package io.liveness.gateway.statement.closing;

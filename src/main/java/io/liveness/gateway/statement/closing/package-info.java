/** The check of statements before a month is closed. */
package io.liveness.gateway.statement.closing;

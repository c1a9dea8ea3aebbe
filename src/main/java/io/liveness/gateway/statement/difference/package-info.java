/** The results of a match as finance works through them. */
package io.liveness.gateway.statement.difference;

/** Work on differences: they are accepted by adjustments, confirmed by a second person, and taken back by counter-entries. */
package io.liveness.gateway.statement.acceptance;

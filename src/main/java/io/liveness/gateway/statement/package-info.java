/** The vendor's bills: their import, and what becomes of one. Knows the ids and columns of sessions, not sessions. */
package io.liveness.gateway.statement;

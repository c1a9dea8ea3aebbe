/** The vendor's bills: import, list and withdrawal. Uses ids and columns of sessions, not their classes. */
package io.liveness.gateway.statement;

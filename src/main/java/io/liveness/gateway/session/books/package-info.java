/** Compares what sessions, the ledger and the events say of each other, in the background. */
package io.liveness.gateway.session.books;

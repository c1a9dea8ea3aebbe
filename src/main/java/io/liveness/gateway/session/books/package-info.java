/** Compares sessions, ledger and events in the background. */
package io.liveness.gateway.session.books;

/** Compares sessions with their ledger entries, events and places on the schedule. */
package io.liveness.gateway.books.comparison;

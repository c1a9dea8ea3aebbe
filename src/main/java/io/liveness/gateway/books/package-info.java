/** The room of the books: the ledger, prices and money. Knows the ids of sessions, not sessions. */
package io.liveness.gateway.books;

/** The sandbox's books, and its bill. */
package io.liveness.gateway.sandbox.books;

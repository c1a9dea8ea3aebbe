/** Who of finance saw, downloaded and changed what: the audit list, lists that are also files, keys that repeat no change. */
package io.liveness.gateway.books.audit;

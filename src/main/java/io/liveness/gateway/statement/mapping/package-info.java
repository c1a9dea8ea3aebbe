/** How the columns of a statement are read: named mappings, and the default one. */
package io.liveness.gateway.statement.mapping;

/** Reads the lines of a statement file: character set, header, cells. Independent of HTTP and the database. */
package io.liveness.gateway.statement.reading;

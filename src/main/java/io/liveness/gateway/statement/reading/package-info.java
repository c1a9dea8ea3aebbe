/** A statement's file as its lines: character set, header, and what each cell says. Knows neither HTTP nor the database. */
package io.liveness.gateway.statement.reading;

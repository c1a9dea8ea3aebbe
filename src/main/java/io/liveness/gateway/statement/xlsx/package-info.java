/**
 * A workbook (XLSX) as the rows of a statement: looked through first, then read by a library. Knows neither HTTP nor the database.
 */
package io.liveness.gateway.statement.xlsx;

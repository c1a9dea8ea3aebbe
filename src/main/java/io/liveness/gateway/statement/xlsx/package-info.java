/** A workbook (XLSX) as the rows of a statement. Knows neither HTTP nor the database. */
package io.liveness.gateway.statement.xlsx;

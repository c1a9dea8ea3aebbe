/** A workbook (XLSX) as the rows of a statement, read under limits. Knows neither HTTP nor the database. */
package io.liveness.gateway.statement.xlsx;

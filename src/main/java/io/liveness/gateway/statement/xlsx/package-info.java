/** A workbook (XLSX) as the rows of a statement, read in a small and bounded part of the heap. Knows neither HTTP nor the database. */
package io.liveness.gateway.statement.xlsx;

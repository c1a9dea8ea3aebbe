/** How a bill is read: its file, CSV or workbook, and its columns by named mappings and the default one. */
package io.liveness.gateway.bill.read;

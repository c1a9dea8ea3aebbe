/** The import of a statement: its file is received, read and matched. */
package io.liveness.gateway.bill.importing;

/** Exports as CSV and XLSX, streamed while they are read. */
package io.liveness.gateway.platform.export;

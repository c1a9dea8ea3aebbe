/** Exports as CSV, XLSX and lines of JSON, streamed while they are read. */
package io.liveness.gateway.platform.export;

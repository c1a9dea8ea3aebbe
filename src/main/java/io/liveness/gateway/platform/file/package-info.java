/** Exports as CSV, XLSX, lines of JSON and stored files, streamed while they are read. */
package io.liveness.gateway.platform.file;

/** Tables as files: CSV and XLSX, sent as they are read, whatever their rows are. */
package io.liveness.gateway.platform.export;

/** Metrics as operations read them: their document, alerts and dashboard, judged by Prometheus' own tools. */
package io.liveness.gateway.monitoring;

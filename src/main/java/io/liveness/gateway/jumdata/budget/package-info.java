/** The budget of vendor calls, over all replicas together. */
package io.liveness.gateway.jumdata.budget;

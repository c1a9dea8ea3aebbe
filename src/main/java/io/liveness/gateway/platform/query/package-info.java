/** Query parameters, and pages of lists. */
package io.liveness.gateway.platform.query;

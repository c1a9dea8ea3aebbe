/** HTTP for all operations: connections, bodies, errors, unknown routes, unreadable requests. */
package io.liveness.gateway.platform.http;

/** HTTP for all operations: errors, unknown routes, unreadable requests, the contract. */
package io.liveness.gateway.platform.http;

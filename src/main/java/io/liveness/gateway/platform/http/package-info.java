/** What holds for every request: errors, unknown routes, unreadable requests, the contract. */
package io.liveness.gateway.platform.http;

/** Helpers of the sandbox for HTTP. */
package io.liveness.gateway.sandbox.http;

/** What all addresses of the sandbox share. */
package io.liveness.gateway.sandbox.http;

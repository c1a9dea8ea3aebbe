/** Scenarios of the sandbox: the answers of init and result, and their delivery. */
package io.liveness.gateway.sandbox.scenario;

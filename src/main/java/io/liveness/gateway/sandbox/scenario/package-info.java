/** The scenarios of the sandbox: what init and result answer, and how. */
package io.liveness.gateway.sandbox.scenario;

/** The settings of the sandbox. */
package io.liveness.gateway.sandbox.settings;

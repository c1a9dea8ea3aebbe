/** Opens a session: stores the intent, sends init, records the outcome. */
package io.liveness.gateway.check.open;

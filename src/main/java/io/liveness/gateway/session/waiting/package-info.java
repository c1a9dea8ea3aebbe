/** Long polls: a read that waits for the end of a session. */
package io.liveness.gateway.session.waiting;

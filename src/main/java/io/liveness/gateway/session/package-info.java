/** The session: its states, how it is opened, read, checked and settled, and its HTTP resource. */
package io.liveness.gateway.session;

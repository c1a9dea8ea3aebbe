/** The core of a session: its states, its row, its events, and how it is read. */
package io.liveness.gateway.session;

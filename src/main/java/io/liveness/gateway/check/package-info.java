/** The room of checks. Here the core of a session: its states, its row, and how it is read. */
package io.liveness.gateway.check;

/** The face image of a session that passed: passed on, or redacted. */
package io.liveness.gateway.privacy.face;

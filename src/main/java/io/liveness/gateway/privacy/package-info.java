/** Erases personal data at the end of their retention: addresses of face images, and the data of sessions' requests. */
package io.liveness.gateway.privacy;

/** The vendor's HTTP API: init, result and the face images. */
package io.liveness.gateway.sandbox.vendor;

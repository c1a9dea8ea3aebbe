/** The request to open a session, and the rules of its fields. */
package io.liveness.gateway.session.request;

/** Access tokens for the demo: an OpenID issuer with keys and tokens, and the sign-in of people. */
package io.liveness.gateway.sandbox.issuer;

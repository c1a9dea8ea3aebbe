/** Access tokens for the demo: an OpenID issuer with keys and tokens. */
package io.liveness.gateway.sandbox.issuer;

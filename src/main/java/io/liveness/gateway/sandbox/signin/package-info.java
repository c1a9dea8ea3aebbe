/** Signs people in to the console in dev mode, as an OpenID provider does. */
package io.liveness.gateway.sandbox.signin;

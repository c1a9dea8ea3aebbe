package io.liveness.gateway.sandbox.signin;

import java.net.URI;

/**
 * A sign-in under way: what the client expects to find at its end.
 *
 * @param nonce goes into the ID token
 * @param challenge SHA-256 of what the client must send for the code (PKCE, RFC 7636)
 */
record SignIn(String client, URI returnTo, String nonce, String challenge, Person person) {}

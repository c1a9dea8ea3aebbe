package io.liveness.gateway.sandbox.issuer;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The authorization code flow of OpenID Connect, as far as the console uses it: a page to choose a person on, without a password. This is
 * reason enough to keep the sandbox out of production.
 */
public final class SignInApi {

    /** Where it is, from the gateway's root. */
    public static final String ROOT = "/sandbox/sign-in";

    private static final String TENANT = "quarkus.oidc.console.";

    private static final long LARGEST_BYTES = 16 * 1024L;
    private static final int SEE_OTHER = 303;

    private final PersonTokens tokens;
    private final Map<String, SignIn> byCode = new ConcurrentHashMap<>();
    private final Map<String, SignIn> byRefreshToken = new ConcurrentHashMap<>();

    /**
     * A sign-in under way: what the client expects to find at its end.
     *
     * @param nonce goes into the ID token
     * @param challenge SHA-256 of what the client must send for the code (PKCE, RFC 7636)
     */
    record SignIn(String client, URI returnTo, String nonce, String challenge, PersonTokens.Person person) {}

    public SignInApi(SandboxKeys keys) {
        this.tokens = new PersonTokens(keys);
    }

    /** The page itself is among the sandbox's pages. */
    public void mount(Router router) {
        router.get(ROOT + "/as/:person").handler(this::chosen);
        router.post(ROOT + "/tokens")
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BYTES))
                .handler(this::issue);
        router.get(ROOT + "/keys").handler(request -> json(request, 200, tokens.publicKeys()));
        router.get(ROOT + "/out").handler(SignInApi::signOut);
    }

    private void chosen(RoutingContext request) {
        MultiMap asked = request.queryParams();
        Optional<PersonTokens.Person> person = PersonTokens.Person.named(request.pathParam("person"));
        Optional<URI> returnTo = ownAddress(request, asked.get("redirect_uri"));
        if (person.isEmpty() || returnTo.isEmpty()) {
            json(request, 400, error("invalid_request"));
            return;
        }
        String code = UUID.randomUUID().toString();
        byCode.put(
                code,
                new SignIn(
                        asked.get("client_id"),
                        returnTo.get(),
                        asked.get("nonce"),
                        asked.get("code_challenge"),
                        person.get()));
        seeOther(request, returnTo.get(), "code=" + code, asked.get("state"));
    }

    private void issue(RoutingContext request) {
        MultiMap form = request.request().formAttributes();
        Optional<SignIn> signIn = "refresh_token".equals(form.get("grant_type"))
                ? Optional.ofNullable(form.get("refresh_token")).map(byRefreshToken::remove)
                : Optional.ofNullable(form.get("code"))
                        .map(byCode::remove)
                        .filter(begun -> begun.returnTo().toString().equals(form.get("redirect_uri"))
                                && challenge(form.get("code_verifier")).equals(begun.challenge()));
        if (signIn.isEmpty()) {
            json(request, 400, error("invalid_grant"));
            return;
        }
        String refreshToken = UUID.randomUUID().toString();
        byRefreshToken.put(refreshToken, signIn.get());
        json(request, 200, tokens.issue(signIn.get(), refreshToken));
    }

    private static void signOut(RoutingContext request) {
        ownAddress(request, request.queryParams().get("post_logout_redirect_uri"))
                .ifPresentOrElse(
                        address -> seeOther(
                                request, address, "", request.queryParams().get("state")),
                        () -> json(request, 400, error("invalid_request")));
    }

    /** An address of the gateway that the browser has come from: codes are sent to no other. */
    private static Optional<URI> ownAddress(RoutingContext request, String address) {
        try {
            return Optional.ofNullable(address)
                    .map(URI::create)
                    .filter(uri -> request.request().authority().toString().equals(uri.getAuthority())
                            && uri.getQuery() == null);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void seeOther(RoutingContext request, URI address, String query, String state) {
        String all = state == null ? query : query + (query.isEmpty() ? "" : "&") + "state=" + state;
        request.response()
                .setStatusCode(SEE_OTHER)
                .putHeader(HttpHeaders.LOCATION, all.isEmpty() ? address.toString() : address + "?" + all)
                .end();
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(String.valueOf(verifier).getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static JsonObject error(String code) {
        return new JsonObject().put("error", code);
    }

    private static void json(RoutingContext request, int status, JsonObject body) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body.toBuffer());
    }

    /**
     * Properties of a gateway whose console has people sign in here. It is not asked what it offers, and its key is fetched with the first sign-in: the sandbox does not
     * answer before the gateway has started.
     *
     * @param port of the gateway, may be an expression
     */
    public static Map<String, String> consoleSettings(String port) {
        return Map.ofEntries(
                Map.entry("liveness.console.client-id", "console"),
                Map.entry("liveness.console.client-secret", "sandbox"),
                Map.entry("liveness.console.cookie-secret", UUID.randomUUID().toString()),
                Map.entry(TENANT + "auth-server-url", "http://localhost:" + port + ROOT),
                Map.entry(TENANT + "discovery-enabled", "false"),
                Map.entry(TENANT + "authorization-path", "http://localhost:" + port + ROOT),
                Map.entry(TENANT + "token-path", "tokens"),
                Map.entry(TENANT + "jwks-path", "keys"),
                Map.entry(TENANT + "jwks.resolve-early", "false"),
                Map.entry(TENANT + "end-session-path", "out"),
                Map.entry(TENANT + "token.issuer", TokenIssuer.ISSUER),
                Map.entry(TENANT + "authentication.force-redirect-https-scheme", "false"));
    }
}

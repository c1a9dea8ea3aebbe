package io.liveness.gateway.sandbox;

import io.liveness.gateway.platform.Sha256;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The authorization code flow of OpenID Connect, as far as the console uses it: a page to choose a person on, without a password. This is
 * reason enough to keep the sandbox out of production.
 */
public final class SignInApi {

    /** Where it is, from the gateway's root. */
    static final String ROOT = "/sandbox/sign-in";

    private static final String TENANT = "quarkus.oidc.console.";
    private static final int SEE_OTHER = 303;
    // Short, so that the refresh of a session can be seen.
    private static final Duration LIFETIME = Duration.ofMinutes(2);

    private final SandboxKeys keys;
    private final Map<String, SignIn> byCode = new ConcurrentHashMap<>();
    private final Map<String, SignIn> byRefreshToken = new ConcurrentHashMap<>();

    /** Made-up people, each with other roles. */
    private enum Person {
        FIONA("Fiona Finance", Set.of("finance")),
        ADA("Ada Admin", Set.of("finance", "finance-admin")),
        BEN("Ben Boss", Set.of("finance", "finance-admin")),
        OTTO("Otto Operator", Set.of("operator")),
        NORA("Nora Nothing", Set.of());

        private final String fullName;
        private final Set<String> roles;

        Person(String fullName, Set<String> roles) {
            this.fullName = fullName;
            this.roles = roles;
        }

        private static Optional<Person> named(String userName) {
            return Stream.of(values())
                    .filter(person -> person.userName().equals(userName))
                    .findFirst();
        }

        private String userName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A sign-in under way: what the client expects to find at its end.
     *
     * @param nonce goes into the ID token
     * @param challenge SHA-256 of what the client must send for the code (PKCE, RFC 7636)
     */
    private record SignIn(String client, String returnTo, String nonce, String challenge, Person person) {}

    SignInApi(SandboxKeys keys) {
        this.keys = keys;
    }

    /** The page itself is among the sandbox's pages. */
    void mount(Router router) {
        router.get(ROOT + "/as/:person").handler(this::chosen);
        router.post(ROOT + "/tokens").handler(Json.bodies()).handler(this::issue);
        router.get(ROOT + "/out").handler(SignInApi::signOut);
    }

    private void chosen(RoutingContext request) {
        MultiMap asked = request.queryParams();
        Optional<Person> person = Person.named(request.pathParam("person"));
        String returnTo = asked.get("redirect_uri");
        if (person.isEmpty() || returnTo == null) {
            Json.error(request, 400, "invalid_request");
            return;
        }
        String code = UUID.randomUUID().toString();
        byCode.put(
                code,
                new SignIn(
                        asked.get("client_id"),
                        returnTo,
                        asked.get("nonce"),
                        asked.get("code_challenge"),
                        person.get()));
        seeOther(request, returnTo, "code=" + code, asked.get("state"));
    }

    private void issue(RoutingContext request) {
        MultiMap form = request.request().formAttributes();
        Optional<SignIn> signIn = "refresh_token".equals(form.get("grant_type"))
                ? Optional.ofNullable(form.get("refresh_token")).map(byRefreshToken::remove)
                : Optional.ofNullable(form.get("code"))
                        .map(byCode::remove)
                        .filter(begun -> begun.returnTo().equals(form.get("redirect_uri"))
                                && challenge(form.get("code_verifier")).equals(begun.challenge()));
        if (signIn.isEmpty()) {
            Json.error(request, 400, "invalid_grant");
            return;
        }
        String refreshToken = UUID.randomUUID().toString();
        byRefreshToken.put(refreshToken, signIn.get());
        Json.ok(request, tokens(signIn.get(), refreshToken));
    }

    /** The answer of a token endpoint. */
    private JsonObject tokens(SignIn signIn, String refreshToken) {
        Person person = signIn.person();
        JwtClaimsBuilder identity = claims(signIn).audience(signIn.client());
        JwtClaimsBuilder access = claims(signIn).audience(TokenIssuer.AUDIENCE).groups(person.roles);
        return new JsonObject()
                .put("token_type", "Bearer")
                .put("expires_in", LIFETIME.toSeconds())
                .put("access_token", signed(access))
                .put("id_token", signed(identity))
                .put("refresh_token", refreshToken);
    }

    private static JwtClaimsBuilder claims(SignIn signIn) {
        Instant now = Instant.now();
        Person person = signIn.person();
        String id = "person-" + person.userName();
        JwtClaimsBuilder claims = TokenIssuer.ofPersonOrService(id, true)
                .subject(id)
                .claim("name", person.fullName)
                .claim("preferred_username", person.userName())
                .claim("azp", signIn.client())
                .claim("jti", UUID.randomUUID().toString())
                .issuedAt(now)
                .expiresAt(now.plus(LIFETIME));
        // The access token has it too: Quarkus looks for it in both when it fetches keys late.
        return signIn.nonce() == null ? claims : claims.claim("nonce", signIn.nonce());
    }

    private String signed(JwtClaimsBuilder claims) {
        return claims.jws().algorithm(SignatureAlgorithm.RS256).sign(keys.signingKey());
    }

    private static void signOut(RoutingContext request) {
        MultiMap asked = request.queryParams();
        seeOther(request, asked.get("post_logout_redirect_uri"), "", asked.get("state"));
    }

    private static void seeOther(RoutingContext request, String address, String query, String state) {
        String all = state == null ? query : query + (query.isEmpty() ? "" : "&") + "state=" + state;
        request.response()
                .setStatusCode(SEE_OTHER)
                .putHeader(HttpHeaders.LOCATION, all.isEmpty() ? address : address + "?" + all)
                .end();
    }

    private static String challenge(String verifier) {
        byte[] hash = Sha256.digest().digest(String.valueOf(verifier).getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    /**
     * Properties of a gateway whose console has people sign in here. It is not asked what it offers, and its key is fetched with the first
     * sign-in: the sandbox does not answer before the gateway has started.
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
                Map.entry(TENANT + "jwks-path", "http://localhost:" + port + TokenIssuer.KEYS),
                Map.entry(TENANT + "jwks.resolve-early", "false"),
                Map.entry(TENANT + "end-session-path", "out"),
                Map.entry(TENANT + "token.issuer", TokenIssuer.ISSUER),
                Map.entry(TENANT + "authentication.force-redirect-https-scheme", "false"));
    }
}

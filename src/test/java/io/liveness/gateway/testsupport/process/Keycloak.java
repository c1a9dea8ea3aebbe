package io.liveness.gateway.testsupport.process;

import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.http.FreePort;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** A real Keycloak in development mode with the realm of src/test/keycloak, until this process ends. */
public final class Keycloak {

    private static final Path HOME = Path.of(System.getProperty("keycloak.home", "target/keycloak"));
    private static final Path REALM = Path.of("src/test/keycloak/liveness-realm.json");
    private static final String PASSWORD = "password-of-the-administrator-in-tests";
    private static final String CLIENT_SECRET = "secret-of-shop-in-tests";

    /** The realm's client for {@code liveness.console}. */
    public static final String CONSOLE_CLIENT = "console";

    public static final String CONSOLE_SECRET = "secret-of-console-in-tests";

    public static final String PASSWORD_OF_PEOPLE = "password-of-people-in-tests";

    private static final Duration TO_START = Duration.ofMinutes(10);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = FreePort.find();
    private final Process process;

    private Keycloak() {
        try {
            Files.createDirectories(HOME.resolve("data/import"));
            Files.writeString(HOME.resolve("data/import/realm.json"), Files.readString(REALM));
            ProcessBuilder builder = new ProcessBuilder(
                            "sh",
                            HOME.resolve("bin/kc.sh").toString(),
                            "start-dev",
                            "--import-realm",
                            "--db=dev-mem",
                            "--health-enabled=false",
                            "--http-port=" + port,
                            "--hostname=http://localhost:" + port)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            Path.of("target", "keycloak-" + port + ".log").toFile());
            // Keycloak lives for a minute or two, so a quick start counts more than fast code.
            builder.environment().put("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1");
            builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", "admin");
            builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", PASSWORD);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
    }

    private static final class Running {

        private static final Keycloak IN_THIS_PROCESS = start();
    }

    /** One for all tests of this process: it takes long to start. */
    public static Keycloak running() {
        return Running.IN_THIS_PROCESS;
    }

    /** One at a time: its start writes into its own directory. */
    private static Keycloak start() {
        try (FileChannel alone =
                FileChannel.open(HOME.resolve("starting.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            alone.lock();
            Keycloak keycloak = new Keycloak();
            Patience.await("Keycloak to answer, see target/keycloak-*.log", TO_START)
                    .until(() -> keycloak.process.isAlive() && keycloak.answers());
            return keycloak;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() throws InterruptedException {
        URI configuration =
                URI.create("http://localhost:" + port + "/realms/liveness/.well-known/openid-configuration");
        try {
            return http.send(HttpRequest.newBuilder(configuration).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The issuer's address, in the claim {@code iss} and for {@code quarkus.oidc.auth-server-url}. */
    public String issuer() {
        return "http://localhost:" + port + "/realms/liveness";
    }

    /** An access token by client credentials. */
    public String accessToken(String client) {
        return token(
                "liveness", "grant_type=client_credentials&client_id=" + client + "&client_secret=" + CLIENT_SECRET);
    }

    /** Ends the sessions of a person: their refresh tokens are not accepted any longer. */
    public void signOut(String userName) {
        String found = admin("GET", "/users?exact=true&username=" + userName, "");
        admin("POST", "/users/" + new JsonArray(found).getJsonObject(0).getString("id") + "/logout", "");
    }

    /** The console is told there when a session ends. */
    public void tellSignOutsTo(String address) {
        JsonObject client = new JsonArray(admin("GET", "/clients?clientId=" + CONSOLE_CLIENT, "")).getJsonObject(0);
        client.getJsonObject("attributes")
                .put("backchannel.logout.url", address)
                .put("backchannel.logout.session.required", "true");
        admin("PUT", "/clients/" + client.getString("id"), client.encode());
    }

    private String admin(String method, String path, String body) {
        String token = token("master", "grant_type=password&client_id=admin-cli&username=admin&password=" + PASSWORD);
        return send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/admin/realms/liveness" + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
    }

    private String token(String realm, String form) {
        URI address = URI.create("http://localhost:" + port + "/realms/" + realm + "/protocol/openid-connect/token");
        String answer = send(HttpRequest.newBuilder(address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
        return new JsonObject(answer).getString("access_token");
    }

    private String send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException("Keycloak answers " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void end() {
        // The script starts Java in its own place or as a child.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}

package io.liveness.gateway.sandbox;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/**
 * Dev mode without Docker and without an identity provider: starts PostgreSQL, makes a key pair for access tokens, and
 * hands both to the service as configuration. A database configured from outside is used instead.
 */
@QuarkusMain(name = "dev")
public class DevMain {

    private static final Logger LOG = Logger.getLogger(DevMain.class);
    /** A live reload replaces every class but no system property. */
    private static final String POSTGRES_PORT = "dev.postgres-port";

    private static final String REACTIVE_URL = "quarkus.datasource.reactive.url";

    public static void main(String... args) {
        if (System.getenv("QUARKUS_DATASOURCE_REACTIVE_URL") == null && System.getProperty(REACTIVE_URL) == null) {
            useEmbeddedPostgres();
        }
        // a live reload runs this again: the keys stay, and with them the tokens already given out
        if (System.getProperty("sandbox.signing-key") == null) {
            useOwnTokens();
            SignInApi.consoleSettings(port(ConfigProvider.getConfig())).forEach(System::setProperty);
        }
        Quarkus.run(Announcement.class, args);
    }

    /** Before the start Quarkus has no default of its port in the configuration. */
    static String port(Config config) {
        return config.getOptionalValue("quarkus.http.port", String.class).orElse("8080");
    }

    private static void useEmbeddedPostgres() {
        String address = "postgresql://localhost:" + postgresPort() + "/postgres";
        System.setProperty("quarkus.datasource.username", "postgres");
        System.setProperty("quarkus.datasource.password", "postgres");
        System.setProperty("quarkus.datasource.jdbc.url", "jdbc:" + address);
        System.setProperty(REACTIVE_URL, address);
    }

    /** Starts PostgreSQL without Docker, unless it runs already: it lives as long as the process, so that it outlasts live reloads. */
    private static int postgresPort() {
        return Optional.ofNullable(Integer.getInteger(POSTGRES_PORT)).orElseGet(DevMain::startPostgres);
    }

    /** The server is stopped and deleted by a shutdown hook. */
    private static int startPostgres() {
        try {
            int port = EmbeddedPostgres.builder().start().getPort();
            System.setProperty(POSTGRES_PORT, Integer.toString(port));
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL could not be started", e);
        }
    }

    private static void useOwnTokens() {
        SandboxKeys keys = SandboxKeys.generate();
        System.setProperty("sandbox.signing-key", keys.signingKeyBase64());
        System.setProperty("quarkus.oidc.public-key", keys.publicKeyBase64());
        System.setProperty("quarkus.oidc.token.issuer", TokenIssuer.ISSUER);
        System.setProperty("quarkus.oidc.token.audience", TokenIssuer.AUDIENCE);
        TokenIssuer.PEOPLE.forEach(System::setProperty);
    }

    /** Says where to look once everything is up. */
    public static final class Announcement implements QuarkusApplication {

        @Override
        public int run(String... args) {
            Config config = ConfigProvider.getConfig();
            String here = "http://localhost:" + port(config);
            LOG.infof("The sandbox is ready: open %s/, and %s/console/ for finance", here, here);
            Quarkus.waitForExit();
            return 0;
        }
    }
}

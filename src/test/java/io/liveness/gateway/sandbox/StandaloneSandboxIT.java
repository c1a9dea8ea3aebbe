package io.liveness.gateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.issuer.SandboxKeys;
import io.liveness.gateway.sandbox.issuer.TokenIssuer;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.process.CertificateAuthority;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.liveness.gateway.testsupport.process.Secrets;
import io.smallrye.config.PropertiesConfigSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox as its image runs it: vendor and issuer behind TLS, for a gateway that is configured as in production. */
class StandaloneSandboxIT {

    private static final String TRUST = "sandbox";

    @TempDir
    Path directory;

    @Test
    void a_gateway_makes_a_whole_check_with_it() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create(directory, "localhost");
        SandboxKeys keys = SandboxKeys.generate();
        Map<String, String> sandbox = Map.of(
                "sandbox.port", "0",
                "sandbox.signing-key", keys.signingKeyBase64(),
                "sandbox.tls.certificate", authority.serverCertificate().toString(),
                "sandbox.tls.key", authority.serverKey().toString());
        try (SandboxServer vendor =
                        SandboxServer.start(SandboxServer.config(new PropertiesConfigSource(sandbox, "test", 500)));
                GatewayProcess gateway = GatewayProcess.launch(
                        environment(vendor.url(), authority.certificate()),
                        new Secrets(),
                        GatewayProcess.HEAP_MEBIBYTES)) {
            gateway.awaitReady();
            Callers callers = new Callers(keys);

            String id = callers.open(gateway.url(), "order-4711", "pass").id();

            assertThat(callers.checkLater(gateway.url(), id).join().sessionStatus())
                    .isEqualTo("PASSED");
            assertThat(callers.status("GET", gateway.url() + "/v1/liveness-sessions/" + id + "/face-image"))
                    .as(gateway.tail())
                    .isEqualTo(200);
        }
    }

    private static GatewayEnvironment environment(String vendor, Path trusted) {
        Map<String, String> properties = new HashMap<>(TestDatabase.create().configuration());
        properties.put("jumdata.app-id", "sandbox-app");
        properties.put("jumdata.app-secret", "sandbox-secret");
        properties.put("liveness.encryption.keys", "test:b25seSBmb3IgdGVzdHM6IDMyIGJ5dGVzIG9mIGtleS4=");
        properties.put("quarkus.rest-client.jumdata.url", vendor);
        properties.put("quarkus.rest-client.jumdata.tls-configuration-name", TRUST);
        properties.put("quarkus.rest-client.jumdata-init.tls-configuration-name", TRUST);
        properties.put("quarkus.oidc.auth-server-url", vendor);
        properties.put("quarkus.oidc.token.audience", TokenIssuer.AUDIENCE);
        properties.put("quarkus.oidc.tls.tls-configuration-name", TRUST);
        properties.put("liveness.face.allowed-hosts", URI.create(vendor).getAuthority());
        properties.put("quarkus.tls." + TRUST + ".trust-store.pem.certs", trusted.toString());
        properties.put("quarkus.tls.face.trust-store.pem.certs", trusted.toString());
        return GatewayEnvironment.of(properties);
    }
}

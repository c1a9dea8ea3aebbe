package io.liveness.gateway.session;

import io.liveness.gateway.testsupport.FreePort;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Where photographs come from in tests: two ports that are allowed, one of them by TLS, and certificates for that one. */
public class FaceUpstream implements QuarkusTestResourceLifecycleManager {

    static final String TRUSTED = "trusted";
    static final String OF_ANOTHER_HOST = "other-host";
    static final String UNKNOWN = "unknown";

    private static final char[] PASSWORD = "for tests".toCharArray();

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory("face-upstream");
            makeKey(directory, TRUSTED, "localhost");
            makeKey(directory, OF_ANOTHER_HOST, "img.example");
            makeKey(directory, UNKNOWN, "localhost");
            int plain = FreePort.find();
            int tls = FreePort.find();
            return Map.of(
                    "test.face.keys",
                    directory.toString(),
                    "test.face.plain-port",
                    Integer.toString(plain),
                    "test.face.tls-port",
                    Integer.toString(tls),
                    "liveness.face.allowed-hosts",
                    "http://localhost:" + plain + ",localhost:" + tls,
                    "liveness.face.max-bytes",
                    "40M",
                    "liveness.face.timeout",
                    "3s",
                    "liveness.face.max-duration",
                    "15s",
                    "liveness.face.max-concurrent",
                    "2",
                    "quarkus.tls.face.trust-store.pem.certs",
                    directory.resolve(TRUSTED + ".pem") + "," + directory.resolve(OF_ANOTHER_HOST + ".pem"));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** After the gateway's own resource, whose address for photographs it replaces. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void stop() {
        // Small files in the temporary directory.
    }

    static SSLContext server(String directory, String key) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(load(Path.of(directory), key), PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key with a certificate signed by itself; Java has no public API for that, but a tool. */
    private static void makeKey(Path directory, String name, String host) throws IOException, GeneralSecurityException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        directory.resolve(name + ".p12").toString(),
                        "-storepass",
                        new String(PASSWORD),
                        "-alias",
                        name,
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "san=dns:" + host,
                        "-keyalg",
                        "EC",
                        "-validity",
                        "30")
                .inheritIO()
                .start();
        try {
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool made no key");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        byte[] certificate = load(directory, name).getCertificate(name).getEncoded();
        Files.writeString(
                directory.resolve(name + ".pem"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate)
                        + "\n-----END CERTIFICATE-----\n");
    }

    private static KeyStore load(Path directory, String name) throws GeneralSecurityException {
        try {
            return KeyStore.getInstance(directory.resolve(name + ".p12").toFile(), PASSWORD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

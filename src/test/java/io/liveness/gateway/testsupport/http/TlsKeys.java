package io.liveness.gateway.testsupport.http;

import io.liveness.gateway.testsupport.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Keys with certificates signed by themselves, in one directory. */
public record TlsKeys(Path directory) {

    private static final String PASSWORD = "for-tests";

    public static TlsKeys inTemporaryDirectory() {
        try {
            return new TlsKeys(Files.createTempDirectory("tls-keys"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Java has no public API for that, but a tool. */
    public void make(String name, String host) {
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
            command.addAll(List.of(
                    "-genkeypair -keystore %1$s.p12 -storepass %2$s -alias %1$s -dname CN=%3$s -ext san=dns:%3$s -keyalg EC -validity 30"
                            .formatted(name, PASSWORD, host)
                            .split(" ")));
            Command.succeed(directory, command.toArray(String[]::new));
            KeyStore store = load(name);
            write(certificate(name), "CERTIFICATE", store.getCertificate(name).getEncoded());
            write(
                    key(name),
                    "PRIVATE KEY",
                    store.getKey(name, PASSWORD.toCharArray()).getEncoded());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file of a certificate, in PEM. */
    public Path certificate(String name) {
        return directory.resolve(name + ".pem");
    }

    /** The file of its private key, in PEM. */
    public Path key(String name) {
        return directory.resolve(name + ".key");
    }

    private static void write(Path file, String type, byte[] content) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + type + "-----\n");
    }

    /** A store that trusts this certificate alone. */
    public KeyStore trusting(String name) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(name, load(name).getCertificate(name));
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public SSLContext server(String name) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(load(name), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore load(String name) {
        try {
            return KeyStore.getInstance(directory.resolve(name + ".p12").toFile(), PASSWORD.toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

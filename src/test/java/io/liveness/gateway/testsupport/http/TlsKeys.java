package io.liveness.gateway.testsupport.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Keys with certificates signed by themselves, in one directory. */
public record TlsKeys(Path directory) {

    private static final char[] PASSWORD = "for tests".toCharArray();

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
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool made no key");
            }
            KeyStore store = load(name);
            write(certificate(name), "CERTIFICATE", store.getCertificate(name).getEncoded());
            write(key(name), "PRIVATE KEY", store.getKey(name, PASSWORD).getEncoded());
        } catch (IOException | InterruptedException | GeneralSecurityException e) {
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
            keys.init(load(name), PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore load(String name) {
        try {
            return KeyStore.getInstance(directory.resolve(name + ".p12").toFile(), PASSWORD);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

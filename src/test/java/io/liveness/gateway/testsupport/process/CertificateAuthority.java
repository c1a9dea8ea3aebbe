package io.liveness.gateway.testsupport.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A private authority, made by the JDK's keytool, with one server's certificate. All of it in files in one directory. */
public final class CertificateAuthority {

    private static final String STORE_PASSWORD = "changeit";

    private final Path directory;

    private CertificateAuthority(Path directory) {
        this.directory = directory;
    }

    /** @param host that the server's certificate is for */
    public static CertificateAuthority create(Path directory, String host)
            throws IOException, GeneralSecurityException {
        CertificateAuthority authority = new CertificateAuthority(Files.createDirectories(directory));
        authority.keytool("-alias", "authority", "-dname", "CN=Authority in tests", "-ext", "bc:critical=ca:true");
        authority.keytool(
                "-alias", "server", "-signer", "authority", "-dname", "CN=Server in tests", "-ext", "san=dns:" + host);
        authority.exportPem();
        return authority;
    }

    private void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                STORE_PASSWORD,
                "-keystore",
                store().toString()));
        command.addAll(List.of(arguments));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes());
        try {
            assertThat(keytool.waitFor()).as(said).isZero();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void exportPem() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            store.load(in, STORE_PASSWORD.toCharArray());
        }
        write(certificate(), "CERTIFICATE", store.getCertificate("authority").getEncoded());
        write(serverCertificate(), "CERTIFICATE", store.getCertificate("server").getEncoded());
        write(
                serverKey(),
                "PRIVATE KEY",
                store.getKey("server", STORE_PASSWORD.toCharArray()).getEncoded());
    }

    private static void write(Path file, String type, byte[] content) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + type + "-----\n");
    }

    private Path store() {
        return directory.resolve("store.p12");
    }

    /** For clients that have to trust it. */
    public Path certificate() {
        return directory.resolve("authority.pem");
    }

    public Path serverCertificate() {
        return directory.resolve("server.pem");
    }

    public Path serverKey() {
        return directory.resolve("server.key");
    }
}

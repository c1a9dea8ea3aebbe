package io.liveness.gateway.testsupport.http;

import io.smallrye.certs.CertificateGenerator;
import io.smallrye.certs.CertificateRequest;
import io.smallrye.certs.Format;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
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

    public void make(String name, String host) {
        try {
            new CertificateGenerator(directory, true)
                    .generate(new CertificateRequest()
                            .withName(name)
                            .withCN(host)
                            .withSubjectAlternativeName("DNS:" + host)
                            .withPassword(PASSWORD)
                            .withFormats(List.of(Format.PEM, Format.PKCS12)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file of a certificate, in PEM. */
    public Path certificate(String name) {
        return directory.resolve(name + ".crt");
    }

    /** The file of its private key, in PEM. */
    public Path key(String name) {
        return directory.resolve(name + ".key");
    }

    /** A store that trusts this certificate alone. */
    public KeyStore trusting(String name) {
        return load(name + "-truststore.p12");
    }

    public SSLContext server(String name) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(load(name + "-keystore.p12"), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore load(String file) {
        try {
            return KeyStore.getInstance(directory.resolve(file).toFile(), PASSWORD.toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

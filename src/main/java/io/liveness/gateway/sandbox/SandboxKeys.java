package io.liveness.gateway.sandbox;

import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.jws.AlgorithmIdentifiers;

/** The key pair behind the sandbox's access tokens: made anew at each start, stored nowhere. */
public final class SandboxKeys {

    private static final int BITS = 2048;

    private final KeyPair pair;

    private SandboxKeys(KeyPair pair) {
        this.pair = pair;
    }

    public static SandboxKeys generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return new SandboxKeys(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }

    /** @param signingKey as {@link #signingKeyBase64()} gave it, possibly in another class loader or process */
    public static SandboxKeys restore(String signingKey) {
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            PKCS8EncodedKeySpec spec =
                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(signingKey));
            RSAPrivateCrtKey key = (RSAPrivateCrtKey) factory.generatePrivate(spec);
            RSAPublicKeySpec publicSpec = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
            return new SandboxKeys(new KeyPair(factory.generatePublic(publicSpec), key));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("sandbox.signing-key is not an RSA key in PKCS #8", e);
        }
    }

    /** The value of {@code quarkus.oidc.public-key}. */
    public String publicKeyBase64() {
        return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    /** The public key as a JSON Web Key (RFC 7517). */
    public JsonObject publicKeyJson() {
        RsaJsonWebKey key = new RsaJsonWebKey((RSAPublicKey) pair.getPublic());
        key.setUse(Use.SIGNATURE);
        key.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
        return new JsonObject(key.toParams(OutputControlLevel.PUBLIC_ONLY));
    }

    /** The value of {@code sandbox.signing-key}: PKCS #8. */
    public String signingKeyBase64() {
        return Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
    }

    public PrivateKey signingKey() {
        return pair.getPrivate();
    }
}

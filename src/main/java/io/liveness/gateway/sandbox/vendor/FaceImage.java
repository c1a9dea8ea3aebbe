package io.liveness.gateway.sandbox.vendor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A drawn face of no real person. */
public final class FaceImage {

    public static final byte[] JPEG = read();

    private FaceImage() {}

    private static byte[] read() {
        try (InputStream file = FaceImage.class.getResourceAsStream("/sandbox/face.jpg")) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

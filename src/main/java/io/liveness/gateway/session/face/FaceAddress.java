package io.liveness.gateway.session.face;

/**
 * An allowed address of a face image, in the parts that a request is made of. It gives access to the face: no text form.
 *
 * @param target path and query
 */
record FaceAddress(boolean tls, String host, int port, String target) {

    @Override
    public String toString() {
        return "***";
    }
}

package io.liveness.gateway.kubernetes;

import java.util.stream.Stream;

/** What must be so in an overlay and no schema knows. */
@FunctionalInterface
interface Rule {

    /** A sentence for each place where it is not so. */
    Stream<String> broken(Manifests manifests);
}

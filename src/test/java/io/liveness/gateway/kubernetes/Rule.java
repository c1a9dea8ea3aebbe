package io.liveness.gateway.kubernetes;

import java.util.stream.Stream;

/** Rules for an overlay that no schema has. */
@FunctionalInterface
interface Rule {

    /** A sentence for each place where it is not so. */
    Stream<String> broken(Manifests manifests);
}

package io.liveness.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

/** An overlay with one mistake in it. */
final class Mistakes {

    private Mistakes() {}

    /** @return its YAML, the first {@code right} of it replaced */
    static String plant(String overlay, String right, String wrong) {
        String yaml = Kustomize.overlays().get(overlay);
        assertThat(yaml).contains(right);
        int at = yaml.indexOf(right);
        return yaml.substring(0, at) + wrong + yaml.substring(at + right.length());
    }
}

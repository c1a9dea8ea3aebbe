package io.liveness.gateway.vendor;

import java.util.Objects;

/** A vendor token or an address that leads to a person's face: for use, never for a log, a message or a trace. */
public record Confidential(String value) {

    public Confidential {
        Objects.requireNonNull(value);
    }

    @Override
    public String toString() {
        return "***";
    }
}

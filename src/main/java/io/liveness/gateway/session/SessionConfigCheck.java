package io.liveness.gateway.session;

import io.liveness.gateway.vendor.LivenessVendor;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Stops the start when the waiting times contradict each other. */
@Startup
@Singleton
class SessionConfigCheck {

    SessionConfigCheck(SessionConfig config, LivenessVendor vendor) {
        if (config.openingTimeout().compareTo(vendor.callTimeout()) <= 0) {
            throw new IllegalArgumentException("liveness.opening-timeout (" + config.openingTimeout()
                    + ") must be longer than a call to the vendor, twice jumdata.connect-timeout and jumdata.timeout ("
                    + vendor.callTimeout() + "): otherwise an init that is still under way counts as lost");
        }
        if (config.expiryGrace().compareTo(Duration.ZERO) < 0) {
            throw new IllegalArgumentException("liveness.expiry-grace must not be negative");
        }
    }
}

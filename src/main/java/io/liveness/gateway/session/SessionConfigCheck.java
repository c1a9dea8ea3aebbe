package io.liveness.gateway.session;

import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.LivenessVendor;
import jakarta.inject.Singleton;

/** Stops the start when the waiting times contradict each other. */
@Singleton
class SessionConfigCheck implements ConfigurationRule {

    SessionConfigCheck(SessionConfig config, LivenessVendor vendor) {
        if (config.openingTimeout().compareTo(vendor.callTimeout()) <= 0) {
            throw new IllegalArgumentException("liveness.opening-timeout (" + config.openingTimeout()
                    + ") must be longer than a call to the vendor, twice jumdata.connect-timeout and jumdata.timeout ("
                    + vendor.callTimeout() + "): otherwise an init that is still under way counts as lost");
        }
    }
}

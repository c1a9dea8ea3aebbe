package io.liveness.gateway.session.settling;

import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.LivenessVendor;
import jakarta.inject.Singleton;

/** Stops the start when a stop would not wait for an answer of the vendor. */
@Singleton
class StopTimeoutRule implements ConfigurationRule {

    StopTimeoutRule(PollConfig config, LivenessVendor vendor) {
        if (config.stopTimeout().compareTo(vendor.callTimeout()) <= 0) {
            throw new IllegalArgumentException("liveness.reconcile.stop-timeout (" + config.stopTimeout()
                    + ") must be longer than a call to the vendor, twice jumdata.connect-timeout and jumdata.timeout ("
                    + vendor.callTimeout() + "): otherwise each stop discards answers that are on their way");
        }
    }
}

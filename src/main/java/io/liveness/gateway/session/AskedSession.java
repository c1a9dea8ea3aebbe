package io.liveness.gateway.session;

import io.liveness.gateway.vendor.VerdictOutcome;

/** A leased session and what the vendor said of it. */
public record AskedSession(DueSession session, VerdictOutcome outcome) {}

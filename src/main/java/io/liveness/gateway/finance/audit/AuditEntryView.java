package io.liveness.gateway.finance.audit;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** An entry as the API tells it. */
record AuditEntryView(UUID id, Instant at, String who, String what, String subject, Map<String, String> detail) {}

package io.liveness.gateway.finance.export;

import io.liveness.gateway.finance.ChargeFilter;
import io.liveness.gateway.finance.ChargeViewer;
import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.finance.audit.AuditedAct;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.postgres.DatabaseUnavailable;
import io.liveness.gateway.platform.problem.CommonProblem;
import io.liveness.gateway.platform.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/** Puts exports by finance on the audit list. An export that cannot be recorded is not made. */
@Singleton
public class RecordExport {

    private static final Logger LOG = Logger.getLogger(RecordExport.class);
    private static final String CHARGES = "charges";
    private static final Duration LATER = Duration.ofSeconds(10);

    private final Audit audit;

    RecordExport(Audit audit) {
        this.audit = audit;
    }

    /**
     * Records the export when it is subscribed to. Fails with {@link DatabaseUnavailable}, or with a problem of the status 503.
     *
     * @return nothing to do for a caller that exports its own charges
     */
    Uni<Void> of(ChargeFilter filter, ChargeViewer by, FileType type, ZoneId zone) {
        if (!by.seesAll()) {
            return Uni.createFrom().voidItem();
        }
        Map<String, String> detail = new LinkedHashMap<>(FilterText.of(filter));
        detail.put("type", type.label());
        detail.put("timeZone", zone.getId());
        return of(CHARGES, by.actor(), detail);
    }

    /**
     * The same of another list.
     *
     * @param what the list
     * @param actor see {@link io.liveness.gateway.platform.security.Caller#actor}
     */
    public Uni<Void> of(String what, String actor, Map<String, String> detail) {
        return audit.record(AuditedAct.EXPORTED, actor, what, detail)
                .onFailure(failure -> !(failure instanceof DatabaseUnavailable))
                .transform(failure -> refusal(what, failure));
    }

    private static ProblemException refusal(String what, Throwable failure) {
        LOG.error("export.unrecorded what=" + what, failure);
        return new ProblemException(
                        CommonProblem.UNAVAILABLE,
                        "The export cannot be recorded in the audit list and was not made; send the request again after"
                                + " Retry-After seconds.")
                .retryAfter(LATER);
    }
}

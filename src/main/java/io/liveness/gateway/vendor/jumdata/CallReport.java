package io.liveness.gateway.vendor.jumdata;

import io.liveness.gateway.platform.Outage;
import io.liveness.gateway.platform.TimeBuckets;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.liveness.gateway.vendor.jumdata.OutcomeMapping.VendorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Times each call and tells the log of failures: codes and fixed sentences, never a token, an address or a signature. */
@Startup // its metrics are there from the start
@ApplicationScoped
class CallReport {

    private static final Duration BACK_AFTER = Duration.ofSeconds(10);
    private static final String INIT = "init";
    private static final String RESULT = "result";
    private static final String UNKNOWN = "unknown";
    private static final String REFUSED = "refused";
    private static final String NO_ANSWER = "no-answer";
    private static final List<VendorCode> WRONG_ACCOUNT = List.of(
            VendorCode.NOT_ENABLED,
            VendorCode.ACCOUNT_SUSPENDED,
            VendorCode.INTERFACE_SUSPENDED,
            VendorCode.IP_NOT_ALLOWED);

    /** What a timer's tags say. */
    private record Kind(String call, String outcome, String code) {}

    private final Outage outage = new Outage("vendor", BACK_AFTER);
    private final MeterRegistry registry;
    private final Counter withoutFaceImage;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

    CallReport(MeterRegistry registry) {
        this.registry = registry;
        // Registered before they count anything, so that an alert sees the first increase.
        this.withoutFaceImage = Counter.builder("liveness.verdicts.without.photograph")
                .description("Verdicts 200 without faceImageUrl")
                .register(registry);
        WRONG_ACCOUNT.forEach(code -> {
            timer(INIT, REFUSED, String.valueOf(code.value()));
            timer(INIT, UNKNOWN, String.valueOf(code.value()));
            timer(RESULT, NO_ANSWER, String.valueOf(code.value()));
        });
    }

    Timer.Sample start() {
        return Timer.start(registry);
    }

    void opened(Timer.Sample sample, OpenOutcome outcome) {
        if (outcome instanceof OpenOutcome.Unknown unknown) {
            failed(sample, INIT, UNKNOWN, unknown.code(), unknown.taskNo(), unknown.reason());
        } else if (outcome instanceof OpenOutcome.Refused refused && concernsAll(refused)) {
            failed(sample, INIT, REFUSED, refused.code(), refused.taskNo(), refused.reason());
        } else if (outcome instanceof OpenOutcome.Refused refused) {
            works(sample, INIT, REFUSED, refused.code());
        } else {
            works(sample, INIT, "accepted", Optional.of(VendorCode.SUCCESS.value()));
        }
    }

    /** A refusal concerns every order, or this one alone, which the line of the open tells. */
    private static boolean concernsAll(OpenOutcome.Refused refused) {
        return refused.retryable()
                || refused.code()
                        .flatMap(VendorCode::of)
                        .filter(WRONG_ACCOUNT::contains)
                        .isPresent();
    }

    void polled(Timer.Sample sample, VerdictOutcome outcome) {
        if (outcome instanceof VerdictOutcome.NoAnswer none) {
            failed(sample, RESULT, NO_ANSWER, none.code(), none.taskNo(), none.reason());
        } else if (outcome instanceof VerdictOutcome.Final verdict) {
            works(sample, RESULT, "final", Optional.of(verdict.verdict().code()));
            if (verdict.verdict() == Verdict.PASSED && verdict.faceImageUrl().isEmpty()) {
                withoutFaceImage.increment();
            }
        } else {
            works(sample, RESULT, "not-yet", Optional.of(VendorCode.NO_RESULT_YET.value()));
        }
    }

    private void works(Timer.Sample sample, String call, String outcome, Optional<Integer> code) {
        outage.works();
        sample.stop(timer(call, outcome, tag(code)));
    }

    private void failed(
            Timer.Sample sample,
            String call,
            String outcome,
            Optional<Integer> code,
            Optional<String> taskNo,
            String reason) {
        outage.failed("call=%s outcome=%s code=%s taskNo=%s %s"
                .formatted(call, outcome, code.map(String::valueOf).orElse("none"), taskNo.orElse("none"), reason));
        sample.stop(timer(call, outcome, tag(code)));
    }

    /** Made once: to look a timer up by its tags costs more than to time. */
    private Timer timer(String call, String outcome, String code) {
        return timers.computeIfAbsent(new Kind(call, outcome, code), this::register);
    }

    private Timer register(Kind kind) {
        return TimeBuckets.timer("liveness.vendor.calls", "Calls to the vendor by call, outcome and the vendor's code")
                .tag("call", kind.call())
                .tag("outcome", kind.outcome())
                .tag("code", kind.code())
                .register(registry);
    }

    /** An unknown code does not become a tag value, so that it creates no time series. */
    private static String tag(Optional<Integer> code) {
        return code.map(value -> VendorCode.of(value)
                        .map(documented -> String.valueOf(documented.value()))
                        .orElse("other"))
                .orElse("none");
    }
}

package io.liveness.gateway.vendor.jumdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.Outage;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.LivenessVendor.Verdict;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallReportTest {

    private static final Optional<String> TASK = Optional.of("0434");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CallReport report = new CallReport(registry);
    private final List<String> lines = new ArrayList<>();
    private final Logger logger = Logger.getLogger(Outage.class.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line instanceof ExtLogRecord formatted ? formatted.getFormattedMessage() : line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
    }

    private long count(String call, String outcome, String code) {
        Timer timer = registry.find("liveness.vendor.calls")
                .tags("call", call, "outcome", outcome, "code", code)
                .timer();
        return timer == null ? 0 : timer.count();
    }

    @Test
    void failures_are_counted_and_have_one_line_in_the_log() {
        report.opened(report.start(), new OpenOutcome.Refused(Optional.of(607), false, "not allowed", TASK));
        report.opened(report.start(), new OpenOutcome.Unknown(Optional.empty(), "lost", Optional.empty()));
        report.polled(report.start(), new VerdictOutcome.NoAnswer(Optional.of(609), true, "too often", TASK));

        assertThat(count("init", "refused", "607")).isEqualTo(1);
        assertThat(count("init", "unknown", "none")).isEqualTo(1);
        assertThat(count("result", "no-answer", "609")).isEqualTo(1);
        assertThat(lines).containsExactly("vendor.away call=init outcome=refused code=607 taskNo=0434 not allowed");
    }

    private double verdicts(String what) {
        return registry.get("liveness.verdicts." + what).counter().count();
    }

    private void heard(Verdict verdict, BillingFlag charge, Confidential... faceImage) {
        report.polled(
                report.start(),
                new VerdictOutcome.Final(
                        verdict, "m", charge, Stream.of(faceImage).findFirst(), TASK));
    }

    @Test
    void a_passed_check_without_a_face_image_is_counted() {
        assertThat(verdicts("without.photograph")).as("there from the start").isZero();

        heard(Verdict.PASSED, BillingFlag.BILLED, new Confidential("https://f/1"));
        heard(Verdict.FAILED, BillingFlag.NOT_BILLED);
        assertThat(verdicts("without.photograph")).isZero();

        heard(Verdict.PASSED, BillingFlag.BILLED);
        assertThat(verdicts("without.photograph")).isEqualTo(1);
    }

    @Test
    void codes_that_the_vendor_makes_up_share_one_time_series() {
        for (int code = 10_000; code < 10_100; code++) {
            report.polled(report.start(), new VerdictOutcome.NoAnswer(Optional.of(code), false, "?", TASK));
        }

        assertThat(count("result", "no-answer", "other")).isEqualTo(100);
        assertThat(registry.find("liveness.vendor.calls").tag("code", "other").timers())
                .hasSize(1);
    }
}

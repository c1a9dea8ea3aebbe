package io.liveness.gateway.jumdata;

import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import io.liveness.gateway.vendor.CheckOrder;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.OpenOutcome;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.stream.Collectors;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** The vendor jumdata behind the port. */
@ApplicationScoped
class Jumdata implements LivenessVendor {

    private final JumdataConfig config;
    private final Signature signature;
    private final InitApi initApi;
    private final ResultApi resultApi;
    private final Exchange exchange;
    private final CallReport report;

    Jumdata(
            JumdataConfig config,
            Signature signature,
            @RestClient InitApi initApi,
            @RestClient ResultApi resultApi,
            Exchange exchange,
            CallReport report) {
        this.config = config;
        this.signature = signature;
        this.initApi = initApi;
        this.resultApi = resultApi;
        this.exchange = exchange;
        this.report = report;
    }

    @Override
    public Uni<OpenOutcome> open(CheckOrder order) {
        return Uni.createFrom().deferred(() -> {
            Timer.Sample sample = report.start();
            return exchange.send(() -> init(order))
                    .map(OutcomeMapping::opened)
                    .invoke(outcome -> report.opened(sample, outcome));
        });
    }

    @Override
    public Uni<VerdictOutcome> ask(Confidential token) {
        return Uni.createFrom().deferred(() -> {
            Timer.Sample sample = report.start();
            return exchange.send(() -> resultApi.result(signature.now(), token.value()))
                    .map(OutcomeMapping::asked)
                    .invoke(outcome -> report.asked(sample, outcome));
        });
    }

    @Override
    public Duration tokenLifetime() {
        return config.tokenLifetime();
    }

    @Override
    public Duration callTimeout() {
        return config.timeout();
    }

    /** The vendor's defaults are sent too, so that a change of them does not change our checks. */
    private Uni<Response> init(CheckOrder order) {
        return initApi.init(
                signature.now(),
                order.returnUrl().value(),
                order.actionStyle().vendorValue(),
                actions(order),
                flag(order.actionMutex()),
                flag(order.antiCameraHack()),
                order.title().orElse(null));
    }

    private String actions(CheckOrder order) {
        return order.actionStyle() == ActionStyle.CUSTOM
                ? order.actions().stream().map(Action::name).collect(Collectors.joining(config.actionsSeparator()))
                : null;
    }

    private static int flag(boolean on) {
        return on ? 1 : 0;
    }
}

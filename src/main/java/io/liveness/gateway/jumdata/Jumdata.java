package io.liveness.gateway.jumdata;

import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.InitParameters;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.OpenOutcome;
import io.liveness.gateway.vendor.VerdictOutcome;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** The vendor jumdata behind the port. */
@ApplicationScoped
class Jumdata implements LivenessVendor {

    private final JumdataConfig config;
    private final Signature signature;
    private final InitApi initApi;
    private final ResultApi resultApi;
    private final FinalPollApi finalPollApi;
    private final Exchange exchange;
    private final OutcomeMapping mapping;
    private final CallReport report;

    Jumdata(
            JumdataConfig config,
            Signature signature,
            @RestClient InitApi initApi,
            @RestClient ResultApi resultApi,
            @RestClient FinalPollApi finalPollApi,
            Exchange exchange,
            OutcomeMapping mapping,
            CallReport report) {
        this.config = config;
        this.signature = signature;
        this.initApi = initApi;
        this.resultApi = resultApi;
        this.finalPollApi = finalPollApi;
        this.exchange = exchange;
        this.mapping = mapping;
        this.report = report;
    }

    @Override
    public Uni<OpenOutcome> open(InitParameters order) {
        return Uni.createFrom().deferred(() -> {
            Timer.Sample sample = report.start();
            return exchange.send(attempt -> initApi.init(form(attempt, order)))
                    .map(mapping::opened)
                    .invoke(outcome -> report.opened(sample, outcome));
        });
    }

    @Override
    public Uni<VerdictOutcome> poll(Confidential token) {
        return poll(token, resultApi::result);
    }

    @Override
    public Uni<VerdictOutcome> finalPoll(Confidential token) {
        return poll(token, finalPollApi::result);
    }

    private Uni<VerdictOutcome> poll(Confidential token, Function<VendorForm, Uni<Response>> call) {
        return Uni.createFrom().deferred(() -> {
            Timer.Sample sample = report.start();
            return exchange.send(attempt -> call.apply(form(attempt, token)))
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
        return exchange.longest();
    }

    /** The vendor's defaults are sent too, so that a change of them does not change our checks. */
    private VendorForm form(Attempt attempt, InitParameters order) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("returnUrl", order.returnUrl().value());
        fields.put("actionStyle", Integer.toString(order.actionStyle().vendorValue()));
        if (order.actionStyle() == ActionStyle.CUSTOM) {
            fields.put("actions", actions(order));
        }
        fields.put("actionMutex", flag(order.actionMutex()));
        fields.put("antiCameraHack", flag(order.antiCameraHack()));
        // Without a title the vendor's own stands.
        order.title().ifPresent(title -> fields.put("title", title));
        return VendorForm.of(attempt, signature.now(), fields);
    }

    private VendorForm form(Attempt attempt, Confidential token) {
        return VendorForm.of(attempt, signature.now(), Map.of("token", token.value()));
    }

    private String actions(InitParameters order) {
        return order.actions().stream().map(Action::name).collect(Collectors.joining(config.actionsSeparator()));
    }

    private static String flag(boolean on) {
        return on ? "1" : "0";
    }
}

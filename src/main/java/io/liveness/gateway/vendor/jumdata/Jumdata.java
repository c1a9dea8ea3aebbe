package io.liveness.gateway.vendor.jumdata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liveness.gateway.platform.Sha256;
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
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** The vendor jumdata behind the port. */
@ApplicationScoped
class Jumdata implements LivenessVendor {

    private static final String PRODUCT = "life_check_v2";

    private final JumdataConfig config;
    private final InstantSource time;
    private final VendorApi.Init initApi;
    private final VendorApi.Result resultApi;
    private final VendorApi.FinalResult finalPollApi;
    private final Exchange exchange;
    private final OutcomeMapping mapping;
    private final CallReport report;

    Jumdata(
            JumdataConfig config,
            InstantSource time,
            @RestClient VendorApi.Init initApi,
            @RestClient VendorApi.Result resultApi,
            @RestClient VendorApi.FinalResult finalPollApi,
            Exchange exchange,
            OutcomeMapping mapping,
            CallReport report) {
        this.config = config;
        this.time = time;
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

    private Uni<VerdictOutcome> poll(Confidential token, Function<Exchange.Form, Uni<Response>> call) {
        return Uni.createFrom().deferred(() -> {
            Timer.Sample sample = report.start();
            return exchange.send(attempt -> call.apply(form(attempt, token)))
                    .map(OutcomeMapping::polled)
                    .invoke(outcome -> report.polled(sample, outcome));
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
    private Exchange.Form form(Exchange.Attempt attempt, InitParameters order) {
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
        return new Exchange.Form(signed(fields), attempt);
    }

    private Exchange.Form form(Exchange.Attempt attempt, Confidential token) {
        return new Exchange.Form(signed(Map.of("token", token.value())), attempt);
    }

    private String actions(InitParameters order) {
        return order.actions().stream().map(Action::name).collect(Collectors.joining(config.actionsSeparator()));
    }

    private static String flag(boolean on) {
        return on ? "1" : "0";
    }

    /** The parameters of a call that is sent now: the common ones (vendor document, 公共请求参数), and its own. */
    private Map<String, String> signed(Map<String, String> own) {
        long timestamp = time.millis();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("appId", config.appId());
        fields.put("timestamp", Long.toString(timestamp));
        fields.put("sign", signature(config, timestamp));
        fields.put("productCode", PRODUCT);
        fields.putAll(own);
        return fields;
    }

    /**
     * The signature of a call (vendor document, 签名算法说明). It covers the account and the time, not the business parameters, and opens the
     * account while it is fresh: not for a log.
     */
    static String signature(JumdataConfig config, long timestamp) {
        byte[] signed = (config.appId() + config.appSecret() + timestamp).getBytes(UTF_8);
        // HexFormat.of() writes lower case. The vendor does not state the case; its samples of other products have it
        // so.
        return HexFormat.of().formatHex(Sha256.digest().digest(signed));
    }
}

package io.liveness.gateway.vendor.jumdata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liveness.gateway.platform.Sha256;
import io.liveness.gateway.platform.security.Loopback;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor;
import io.micrometer.core.instrument.Timer;
import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientResponseContext;
import jakarta.ws.rs.client.ClientResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** The vendor jumdata behind the port. Any status and content type of an answer is accepted: the vendor's document names neither. */
@ApplicationScoped
class Jumdata implements LivenessVendor {

    private static final String PRODUCT = "life_check_v2";

    private final JumdataConfig config;
    private final InstantSource time;
    private final Fresh fresh;
    private final Kept kept;
    private final VendorCall calls;
    private final OutcomeMapping mapping;
    private final CallReport report;

    Jumdata(
            JumdataConfig config,
            InstantSource time,
            @RestClient Fresh fresh,
            @RestClient Kept kept,
            VendorCall calls,
            OutcomeMapping mapping,
            CallReport report) {
        this.config = config;
        this.time = time;
        this.fresh = fresh;
        this.kept = kept;
        this.calls = calls;
        this.mapping = mapping;
        this.report = report;
    }

    @Override
    public Uni<OpenOutcome> open(InitParameters order) {
        return Uni.createFrom().deferred(() -> {
            Timer.Sample sample = report.start();
            return send(fresh::init, fields(order))
                    .map(mapping::opened)
                    .invoke(outcome -> report.opened(sample, outcome));
        });
    }

    @Override
    public Uni<VerdictOutcome> poll(Confidential token) {
        return poll(token, kept::result);
    }

    @Override
    public Uni<VerdictOutcome> finalPoll(Confidential token) {
        return poll(token, fresh::result);
    }

    private Uni<VerdictOutcome> poll(Confidential token, Function<VendorCall.Form, Uni<Response>> call) {
        return Uni.createFrom().deferred(() -> {
            Timer.Sample sample = report.start();
            return send(call, Map.of("token", token.value()))
                    .map(OutcomeMapping::polled)
                    .invoke(outcome -> report.polled(sample, outcome));
        });
    }

    private Uni<VendorCall.Reply> send(Function<VendorCall.Form, Uni<Response>> call, Map<String, String> fields) {
        return calls.send(letGo -> call.apply(new VendorCall.Form(signed(fields), letGo)));
    }

    @Override
    public Duration tokenLifetime() {
        return config.tokenLifetime();
    }

    @Override
    public Duration callTimeout() {
        return calls.longest();
    }

    /** The vendor's defaults are sent too, so that a change of them does not change our checks. */
    private Map<String, String> fields(InitParameters order) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("returnUrl", order.returnUrl().value());
        fields.put("actionStyle", Integer.toString(order.actionStyle().vendorValue()));
        if (order.actionStyle() == ActionStyle.CUSTOM) {
            fields.put("actions", actions(order));
        }
        fields.put("actionMutex", flag(order.actionMutex()));
        fields.put("antiCameraHack", flag(order.antiCameraHack()));
        // The vendor's own title stands where the order has none.
        order.title().ifPresent(title -> fields.put("title", title));
        return fields;
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

    /**
     * Calls over a new connection each (see application.properties): inits, and final polls, whose verdict a connection that died unnoticed
     * would cost.
     */
    @RegisterProvider(AnyContentType.class)
    @RegisterProvider(VendorCall.Form.Writer.class)
    @RegisterRestClient(configKey = "jumdata-init")
    @Path("/lifecheck/h5/v2-1")
    interface Fresh {

        @POST
        @Path("/init")
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        Uni<Response> init(VendorCall.Form form);

        @POST
        @Path("/result")
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        Uni<Response> result(VendorCall.Form form);
    }

    /** The vendor's result. Asking is free and may be repeated, so its connections are kept. */
    @RegisterProvider(AnyContentType.class)
    @RegisterProvider(VendorCall.Form.Writer.class)
    @RegisterRestClient(configKey = "jumdata")
    @Path("/lifecheck/h5/v2-1/result")
    interface Kept {

        @POST
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        Uni<Response> result(VendorCall.Form form);
    }

    /**
     * Makes bytes of every answer. The client would fail on a content type it cannot parse, and with it would go an init's token
     * that has been paid for.
     */
    static final class AnyContentType implements ClientResponseFilter {

        @Override
        public void filter(ClientRequestContext request, ClientResponseContext response) {
            response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_OCTET_STREAM);
        }
    }

    /**
     * Checks the vendor's addresses, and makes the clients at the start. Left alone they are made at the first call, and a wrong setting
     * costs that one a session.
     */
    @Singleton
    static class Clients implements ConfigurationRule {

        private static final Pattern WEB_ADDRESS = Pattern.compile("https?://[^\\s/?#@]+(/[^\\s?#]*)?");

        Clients(
                @ConfigProperty(name = "quarkus.rest-client.jumdata.url") String resultAddress,
                @ConfigProperty(name = "quarkus.rest-client.jumdata-init.url") String initAddress) {
            List<String> wrong = Stream.of(
                            whyWrong("quarkus.rest-client.jumdata.url", resultAddress),
                            whyWrong("quarkus.rest-client.jumdata-init.url", initAddress))
                    .flatMap(Optional::stream)
                    .toList();
            if (!wrong.isEmpty()) {
                throw new IllegalArgumentException(String.join("\n", wrong));
            }
        }

        void make(@Observes StartupEvent start, @RestClient Fresh fresh, @RestClient Kept kept) {
            ClientProxy.unwrap(fresh);
            ClientProxy.unwrap(kept);
        }

        static Optional<String> whyWrong(String property, String value) {
            if (!WEB_ADDRESS.matcher(value).matches()) {
                return Optional.of(property + " must be the vendor's address https://<host>…");
            }
            return Loopback.isSafe(value)
                    ? Optional.empty()
                    : Optional.of(
                            property + " must begin with https:, or with http: and localhost, 127.0.0.1 or [::1]");
        }
    }
}

package io.liveness.gateway.vendor.jumdata;

import io.liveness.gateway.platform.security.Loopback;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
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
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** The vendor's calls over HTTP. Any status and content type is accepted: the vendor's document names neither. */
final class VendorApi {

    private VendorApi() {}

    /** The vendor's init. A separate client, because its connections must not be reused (see application.properties). */
    @RegisterProvider(AnyContentType.class)
    @RegisterProvider(Exchange.Form.Writer.class)
    @RegisterRestClient(configKey = "jumdata-init")
    @Path("/lifecheck/h5/v2-1/init")
    interface Init {

        @POST
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        Uni<Response> init(Exchange.Form form);
    }

    /** The vendor's result. Asking is free and may be repeated, so its connections are kept. */
    @RegisterProvider(AnyContentType.class)
    @RegisterProvider(Exchange.Form.Writer.class)
    @RegisterRestClient(configKey = "jumdata")
    @Path("/lifecheck/h5/v2-1/result")
    interface Result {

        @POST
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        Uni<Response> result(Exchange.Form form);
    }

    /**
     * The vendor's result for a final poll, over connections that are not kept, as those of init: one that died unnoticed would cost the
     * verdict.
     */
    @RegisterProvider(AnyContentType.class)
    @RegisterProvider(Exchange.Form.Writer.class)
    @RegisterRestClient(configKey = "jumdata-init")
    @Path("/lifecheck/h5/v2-1/result")
    interface FinalResult {

        @POST
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        Uni<Response> result(Exchange.Form form);
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

        void make(
                @Observes StartupEvent start,
                @RestClient Result result,
                @RestClient FinalResult finalPoll,
                @RestClient Init init) {
            ClientProxy.unwrap(result);
            ClientProxy.unwrap(finalPoll);
            ClientProxy.unwrap(init);
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

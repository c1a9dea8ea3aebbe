package io.liveness.gateway.vendor.jumdata;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientResponseContext;
import jakarta.ws.rs.client.ClientResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The vendor's calls over HTTP. Any status and content type is accepted: the vendor's document names neither. */
final class VendorApi {

    private VendorApi() {}

    /** The vendor's init. A separate client, because its connections must not be reused (see application.properties). */
    @RegisterProvider(AnyContentType.class)
    @RegisterProvider(VendorForm.Writer.class)
    @RegisterRestClient(configKey = "jumdata-init")
    @Path("/lifecheck/h5/v2-1/init")
    interface Init {

        @POST
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        Uni<Response> init(VendorForm form);
    }

    /** The vendor's result. Asking is free and may be repeated, so its connections are kept. */
    @RegisterProvider(AnyContentType.class)
    @RegisterProvider(VendorForm.Writer.class)
    @RegisterRestClient(configKey = "jumdata")
    @Path("/lifecheck/h5/v2-1/result")
    interface Result {

        @POST
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        Uni<Response> result(VendorForm form);
    }

    /**
     * The vendor's result for a final poll, over connections that are not kept, as those of init: one that died unnoticed would cost the
     * verdict.
     */
    @RegisterProvider(AnyContentType.class)
    @RegisterProvider(VendorForm.Writer.class)
    @RegisterRestClient(configKey = "jumdata-init")
    @Path("/lifecheck/h5/v2-1/result")
    interface FinalResult {

        @POST
        @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
        Uni<Response> result(VendorForm form);
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
}

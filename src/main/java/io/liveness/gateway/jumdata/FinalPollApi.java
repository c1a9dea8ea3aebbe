package io.liveness.gateway.jumdata;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** The vendor's result for a final poll, over connections that are not kept, as those of init: one that died unnoticed would cost the verdict. */
@RegisterProvider(AnyContentType.class)
@RegisterProvider(VendorFormWriter.class)
@RegisterRestClient(configKey = "jumdata-init")
@Path("/lifecheck/h5/v2-1/result")
interface FinalPollApi {

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    Uni<Response> result(VendorForm form);
}

package io.liveness.gateway.jumdata;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/**
 * The vendor's init, a client of its own because its connections must not be kept (see application.properties).
 *
 * <p>The answer is taken as it comes: the vendor does not say which HTTP status or content type its JSON comes with.
 */
@RegisterProvider(AnyContentType.class)
@RegisterProvider(VendorFormWriter.class)
@RegisterRestClient(configKey = "jumdata-init")
@Path("/lifecheck/h5/v2-1/init")
interface InitApi {

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    Uni<Response> init(VendorForm form);
}

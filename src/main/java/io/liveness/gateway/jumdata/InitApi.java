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
 * The vendor's init. A separate client, because its connections must not be reused (see application.properties).
 *
 * <p>Any HTTP status and content type is accepted: the vendor's document names neither.
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

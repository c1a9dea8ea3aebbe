package io.liveness.gateway.jumdata;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
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
@RegisterRestClient(configKey = "jumdata-init")
@Path("/lifecheck/h5/v2-1/init")
interface InitApi {

    /**
     * @param actions null unless the style is custom: the client leaves a null parameter out
     * @param title null when the vendor's own title shall stand
     */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    Uni<Response> init(
            @BeanParam CommonParameters common,
            @FormParam("returnUrl") String returnUrl,
            @FormParam("actionStyle") int actionStyle,
            @FormParam("actions") String actions,
            @FormParam("actionMutex") int actionMutex,
            @FormParam("antiCameraHack") int antiCameraHack,
            @FormParam("title") String title);
}

package shop;

import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.LivenessGateway;
import io.liveness.gateway.client.model.CallerEvent;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Session;
import jakarta.inject.Singleton;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A shop that checks persons before they pay: opens a check, sends the browser there, and learns the verdict. */
@Path("/")
@Singleton
public class Checks {

    private static final String CHECK = "check";

    private final LivenessGateway gateway;
    private final String secret;
    private final String url;
    /** By the session's id; in your service a column of the order. */
    private final Map<UUID, String> verdicts = new ConcurrentHashMap<>();

    Checks(
            @ConfigProperty(name = "gateway.url") String gatewayUrl,
            @ConfigProperty(name = "gateway.token") String token,
            @ConfigProperty(name = "gateway.webhook-secret") String secret,
            @ConfigProperty(name = "shop.url") String url) {
        this.gateway = new LivenessGateway(gatewayUrl, () -> token);
        this.secret = secret;
        this.url = url;
    }

    /** The order is the key: pressed twice, or repeated after a crash, it opens one check and takes one fee. */
    @POST
    @Path("checks")
    public Response open(@FormParam("order") String order, @FormParam("title") String title) throws ApiException {
        OpenSessionRequest request =
                new OpenSessionRequest().returnUrl(url + "/done").title(title).reference(order);
        Session opened = gateway.openSession(order, request, Duration.ofSeconds(30));
        // A check that is over has no page.
        String page = opened.getCheckUrl() == null ? url + "/done" : opened.getCheckUrl();
        return Response.seeOther(URI.create(page))
                .cookie(new NewCookie.Builder(CHECK)
                        .value(opened.getId().toString())
                        .path("/")
                        .httpOnly(true)
                        .build())
                .build();
    }

    /** The vendor's page sends the person here. What its query says is not the verdict. */
    @GET
    @Path("done")
    public String done(@CookieParam(CHECK) UUID check) throws ApiException {
        return gateway.waitForVerdict(check, Duration.ofSeconds(20)).getStatus().toString();
    }

    /** Also when the person never returns. An event that comes again changes nothing. */
    @POST
    @Path("liveness/events")
    public Response event(@Context HttpHeaders headers, String body) {
        try {
            CallerEvent event = LivenessGateway.verifyWebhook(secret, headers.getRequestHeaders(), body);
            if (event.getData().getSessionId() != null && event.getData().getStatus() != null) {
                verdicts.put(event.getData().getSessionId(), event.getData().getStatus());
            }
            return Response.noContent().build();
        } catch (WebhookVerificationException forged) {
            return Response.status(401).build();
        }
    }

    @GET
    @Path("checks/{id}")
    public String verdict(@PathParam("id") UUID id) {
        return verdicts.getOrDefault(id, "PENDING");
    }
}

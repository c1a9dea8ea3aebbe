package shop;

import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.LivenessGateway;
import io.liveness.gateway.client.ProblemException;
import io.liveness.gateway.client.api.LivenessSessionsApi;
import io.liveness.gateway.client.model.CallerEvent;
import io.liveness.gateway.client.model.LookupRequest;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Session;
import io.liveness.gateway.client.model.SessionStatus;
import jakarta.inject.Singleton;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** A shop that checks persons before they pay: opens a check, sends the browser there, and learns the verdict. */
@Path("/")
@Singleton
public class Checks {

    private static final String CUSTOMER = "customer";
    /** Printable ASCII of at most 64 characters with the number of the check behind it. */
    private static final String ORDER = "[A-Za-z0-9._-]{1,50}";
    /** After each of these ends the person may make a new check, with a new key and a new fee. */
    private static final Set<SessionStatus> FAILURES = Set.of(
            SessionStatus.NOT_PASSED,
            SessionStatus.FAILED,
            SessionStatus.EXPIRED,
            SessionStatus.REJECTED,
            SessionStatus.UNKNOWN);
    /** After each of these problems too the person may make a new check: docs/problems.md. */
    private static final Set<String> KEY_SPENT = Set.of("vendor-outcome-unknown", "vendor-rejected", "gone");
    /** What the gateway answers when the request to the shop was wrong. */
    private static final Set<Integer> WRONG = Set.of(400, 404, 422);

    private final LivenessGateway gateway;
    private final LivenessSessionsApi sessions;
    private final String secret;
    private final String url;
    /** The number of the order's present check, from 1 on; in your service a column of the order. */
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    /** The check of each order; in your service a part of the customer's session. */
    private final Map<Place, Check> checks = new ConcurrentHashMap<>();
    /** The verdict of each session by its id; in your service a column of the check. */
    private final Map<UUID, String> verdicts = new ConcurrentHashMap<>();

    Checks(
            @ConfigProperty(name = "gateway.url") String gatewayUrl,
            @ConfigProperty(name = "gateway.token") String token,
            @ConfigProperty(name = "gateway.webhook-secret") String secret,
            @ConfigProperty(name = "shop.url") String url) {
        this.gateway = new LivenessGateway(gatewayUrl, () -> token);
        this.sessions = new LivenessSessionsApi(gateway.client());
        this.secret = secret;
        this.url = url;
    }

    /** Pressed twice, or repeated after a crash, it opens one check and takes one fee: the key is the same. */
    @POST
    @Path("checks")
    public Response open(
            @CookieParam(CUSTOMER) String cookie, @FormParam("order") String order, @FormParam("title") String title)
            throws ApiException {
        demand(order != null && order.matches(ORDER) && title != null);
        String customer = cookie == null ? UUID.randomUUID().toString() : cookie;
        int number = numbers.computeIfAbsent(order, first -> 1);
        Session opened = open(order, number, title);
        checks.put(new Place(customer, order), new Check(number, opened.getId()));
        // A check that is over has no page.
        String page = opened.getCheckUrl() == null ? done(order) : opened.getCheckUrl();
        return Response.seeOther(URI.create(page))
                .cookie(new NewCookie.Builder(CUSTOMER)
                        .value(customer)
                        .path("/")
                        .httpOnly(true)
                        .build())
                .build();
    }

    private Session open(String order, int number, String title) throws ApiException {
        OpenSessionRequest request =
                new OpenSessionRequest().returnUrl(done(order)).title(title).reference(order);
        try {
            return gateway.openSession(order + "-" + number, request, Duration.ofSeconds(30));
        } catch (ProblemException e) {
            if (KEY_SPENT.contains(e.getProblem().getCode())) {
                offerAnother(order, number);
            }
            throw e;
        }
    }

    /** The vendor's page sends the person here. What its query says is not the verdict. */
    @GET
    @Path("done")
    public Response done(
            @CookieParam(CUSTOMER) String customer, @QueryParam("order") String order, @QueryParam("token") String token)
            throws ApiException {
        Check check = check(customer, order);
        if (token != null) {
            LookupRequest named = new LookupRequest().token(token);
            demand(gateway.call(() -> sessions.lookupSession(named)).getId().equals(check.id()));
            // The redirect takes the token out of the browser's address.
            return Response.seeOther(URI.create(done(order))).build();
        }
        gateway.call(() -> sessions.checkSession(check.id()));
        SessionStatus status =
                gateway.waitForVerdict(check.id(), Duration.ofSeconds(20)).getStatus();
        if (FAILURES.contains(status)) {
            offerAnother(order, check.number());
        }
        return Response.ok(status.toString()).build();
    }

    /** The gateway sends an event even if the person never returns. A repeated event changes nothing. */
    @POST
    @Path("liveness/events")
    public Response event(@Context HttpHeaders headers, String body) {
        try {
            CallerEvent event = LivenessGateway.verifyWebhook(secret, headers.getRequestHeaders(), body);
            Optional.ofNullable(event)
                    .map(CallerEvent::getData)
                    .filter(data -> data.getSessionId() != null && data.getStatus() != null)
                    .filter(data -> !Boolean.TRUE.equals(data.getTest()))
                    .ifPresent(data -> verdicts.put(data.getSessionId(), data.getStatus()));
            return Response.noContent().build();
        } catch (WebhookVerificationException forged) {
            return Response.status(401).build();
        } catch (IllegalArgumentException noEvent) {
            return Response.status(400).build();
        }
    }

    /** What the webhook told. */
    @GET
    @Path("checks/{order}")
    public String verdict(@CookieParam(CUSTOMER) String customer, @PathParam("order") String order) {
        return verdicts.getOrDefault(check(customer, order).id(), "PENDING");
    }

    @ServerExceptionMapper
    public Response failed(ApiException e) {
        return WRONG.contains(e.getCode())
                ? Response.status(400).build()
                : Response.status(503).entity("Please try again.").build();
    }

    /** A check counts the order up once, however often its end is seen. */
    private void offerAnother(String order, int number) {
        numbers.replace(order, number, number + 1);
    }

    private Check check(String customer, String order) {
        Check check = checks.get(new Place(customer, order));
        demand(check != null);
        return check;
    }

    private String done(String order) {
        return url + "/done?order=" + order;
    }

    private static void demand(boolean right) {
        if (!right) {
            throw new BadRequestException();
        }
    }

    private record Place(String customer, String order) {}

    private record Check(int number, UUID id) {}
}

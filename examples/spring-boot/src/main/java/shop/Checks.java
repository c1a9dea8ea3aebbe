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
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** A shop that checks persons before they pay: opens a check, sends the browser there, and learns the verdict. */
@SpringBootApplication
@RestController
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

    /** In production the token is that of your OIDC client. */
    Checks(
            @Value("${gateway.url}") String gatewayUrl,
            @Value("${gateway.token}") String token,
            @Value("${gateway.webhook-secret}") String secret,
            @Value("${shop.url:http://localhost:${server.port:8090}}") String url) {
        this.gateway = new LivenessGateway(gatewayUrl, () -> token);
        this.sessions = new LivenessSessionsApi(gateway.client());
        this.secret = secret;
        this.url = url;
    }

    public static void main(String[] arguments) {
        SpringApplication.run(Checks.class, arguments);
    }

    /** Pressed twice, or repeated after a crash, it opens one check and takes one fee: the key is the same. */
    @PostMapping("/checks")
    ResponseEntity<Void> open(
            @CookieValue(name = CUSTOMER, required = false) String cookie,
            @RequestParam("order") String order,
            @RequestParam("title") String title)
            throws ApiException {
        demand(order.matches(ORDER));
        String customer = cookie == null ? UUID.randomUUID().toString() : cookie;
        int number = numbers.computeIfAbsent(order, first -> 1);
        Session opened = open(order, number, title);
        checks.put(new Place(customer, order), new Check(number, opened.getId()));
        // A check that is over has no page.
        String page = opened.getCheckUrl() == null ? done(order) : opened.getCheckUrl();
        return ResponseEntity.status(303)
                .location(URI.create(page))
                .header(
                        HttpHeaders.SET_COOKIE,
                        ResponseCookie.from(CUSTOMER, customer)
                                .path("/")
                                .httpOnly(true)
                                .build()
                                .toString())
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
    @GetMapping("/done")
    ResponseEntity<String> done(
            @CookieValue(CUSTOMER) String customer,
            @RequestParam("order") String order,
            @RequestParam(name = "token", required = false) String token)
            throws ApiException {
        Check check = check(customer, order);
        if (token != null) {
            LookupRequest named = new LookupRequest().token(token);
            demand(gateway.call(() -> sessions.lookupSession(named)).getId().equals(check.id()));
            // The redirect takes the token out of the browser's address.
            return ResponseEntity.status(303)
                    .location(URI.create(done(order)))
                    .build();
        }
        gateway.call(() -> sessions.checkSession(check.id()));
        SessionStatus status =
                gateway.waitForVerdict(check.id(), Duration.ofSeconds(20)).getStatus();
        if (FAILURES.contains(status)) {
            offerAnother(order, check.number());
        }
        return ResponseEntity.ok(status.toString());
    }

    /** The gateway sends an event even if the person never returns. A repeated event changes nothing. */
    @PostMapping("/liveness/events")
    ResponseEntity<Void> event(@RequestHeader HttpHeaders headers, @RequestBody String body) {
        try {
            CallerEvent event = LivenessGateway.verifyWebhook(secret, headers.asMultiValueMap(), body);
            Optional.ofNullable(event)
                    .map(CallerEvent::getData)
                    .filter(data -> data.getSessionId() != null && data.getStatus() != null)
                    .filter(data -> !Boolean.TRUE.equals(data.getTest()))
                    .ifPresent(data -> verdicts.put(data.getSessionId(), data.getStatus()));
            return ResponseEntity.noContent().build();
        } catch (WebhookVerificationException forged) {
            return ResponseEntity.status(401).build();
        } catch (IllegalArgumentException noEvent) {
            return ResponseEntity.status(400).build();
        }
    }

    /** What the webhook told. */
    @GetMapping("/checks/{order}")
    String verdict(@CookieValue(CUSTOMER) String customer, @PathVariable("order") String order) {
        return verdicts.getOrDefault(check(customer, order).id(), "PENDING");
    }

    @ExceptionHandler
    ResponseEntity<String> failed(ApiException e) {
        return WRONG.contains(e.getCode())
                ? ResponseEntity.status(400).build()
                : ResponseEntity.status(503).body("Please try again.");
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
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
        }
    }

    private record Place(String customer, String order) {}

    private record Check(int number, UUID id) {}
}

package shop;

import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.LivenessGateway;
import io.liveness.gateway.client.model.CallerEvent;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Session;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
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
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A shop that checks persons before they pay: opens a check, sends the browser there, and learns the verdict. */
@SpringBootApplication
@RestController
public class Checks {

    private static final String CHECK = "check";

    private final LivenessGateway gateway;
    private final String secret;
    private final String url;
    /** By the session's id; in your service a column of the order. */
    private final Map<UUID, String> verdicts = new ConcurrentHashMap<>();

    /** In production the token is that of your OIDC client. */
    Checks(
            @Value("${gateway.url}") String gatewayUrl,
            @Value("${gateway.token}") String token,
            @Value("${gateway.webhook-secret}") String secret,
            @Value("${shop.url:http://localhost:${server.port:8090}}") String url) {
        this.gateway = new LivenessGateway(gatewayUrl, () -> token);
        this.secret = secret;
        this.url = url;
    }

    public static void main(String[] arguments) {
        SpringApplication.run(Checks.class, arguments);
    }

    /** The order is the key: pressed twice, or repeated after a crash, it opens one check and takes one fee. */
    @PostMapping("/checks")
    ResponseEntity<Void> open(@RequestParam("order") String order, @RequestParam("title") String title)
            throws ApiException {
        OpenSessionRequest request =
                new OpenSessionRequest().returnUrl(url + "/done").title(title).reference(order);
        Session opened = gateway.openSession(order, request, Duration.ofSeconds(30));
        // A check that is over has no page.
        String page = opened.getCheckUrl() == null ? url + "/done" : opened.getCheckUrl();
        ResponseCookie check = ResponseCookie.from(CHECK, opened.getId().toString())
                .path("/")
                .httpOnly(true)
                .build();
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(page))
                .header(HttpHeaders.SET_COOKIE, check.toString())
                .build();
    }

    /** The vendor's page sends the person here. What its query says is not the verdict. */
    @GetMapping("/done")
    String done(@CookieValue(CHECK) UUID check) throws ApiException {
        return gateway.waitForVerdict(check, Duration.ofSeconds(20)).getStatus().toString();
    }

    /** Also when the person never returns. An event that comes again changes nothing. */
    @PostMapping("/liveness/events")
    ResponseEntity<Void> event(@RequestHeader HttpHeaders headers, @RequestBody String body) {
        try {
            CallerEvent event = LivenessGateway.verifyWebhook(secret, headers.asMultiValueMap(), body);
            if (event.getData().getSessionId() != null && event.getData().getStatus() != null) {
                verdicts.put(event.getData().getSessionId(), event.getData().getStatus());
            }
            return ResponseEntity.noContent().build();
        } catch (WebhookVerificationException forged) {
            return ResponseEntity.status(HttpStatus.UNAUTHORIZED).build();
        }
    }

    @GetMapping("/checks/{id}")
    String verdict(@PathVariable("id") UUID id) {
        return verdicts.getOrDefault(id, "PENDING");
    }
}

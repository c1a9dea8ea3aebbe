package plain;

import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
@RequestMapping("/v1/liveness-sessions")
class SessionController {

    private final Openings openings;
    private final Vendor vendor;
    private final Sealing sealing;

    SessionController(Openings openings, Vendor vendor, Sealing sealing) {
        this.openings = openings;
        this.vendor = vendor;
        this.sealing = sealing;
    }

    @PostMapping
    ResponseEntity<SessionView> open(
            @AuthenticationPrincipal Jwt token,
            @RequestHeader("Idempotency-Key") String key,
            @RequestBody OpenRequest request) {
        if (openings.find(caller(token), key).isPresent()) {
            return ResponseEntity.status(HttpStatus.CONFLICT).build();
        }
        UUID id = openings.store(caller(token), key, request);
        Session opened = openings.record(id, vendor.init(request.returnUrl()));
        return ResponseEntity.status(HttpStatus.CREATED).body(SessionView.of(opened, sealing));
    }

    @GetMapping("/{id}")
    SessionView read(@AuthenticationPrincipal Jwt token, @PathVariable UUID id) {
        return openings.find(id, caller(token))
                .map(session -> SessionView.of(session, sealing))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private static String caller(Jwt token) {
        return token.getClaimAsString("azp");
    }

    record OpenRequest(String returnUrl, String title, String reference) {}
}

package io.liveness.gateway.sandbox.check;

import io.liveness.gateway.sandbox.scenario.Scenario;
import io.liveness.gateway.sandbox.settings.SandboxConfig;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The checks that were opened, by token. */
public final class Checks {

    private static final int TOKEN_BYTES = 16;

    private final SandboxConfig config;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Check> byToken = new ConcurrentHashMap<>();
    private final Set<String> attempted = ConcurrentHashMap.newKeySet();

    public Checks(SandboxConfig config) {
        this.config = config;
    }

    public Check open(String taskNo, InitOrder order, Instant now) {
        Check check = new Check(new Check.Opening(
                taskNo,
                newToken(),
                order,
                order.scenario(),
                ActionDraw.draw(order, random),
                now,
                now.plus(config.tokenLifetime()),
                config.lateVerdictAfter()));
        byToken.put(check.opening().token(), check);
        return check;
    }

    public Optional<Check> find(String token) {
        return Optional.ofNullable(byToken.get(token));
    }

    /** For {@link Scenario#CODE_609_ONCE}: whether this returnUrl was never asked about before. */
    public boolean firstAttempt(String returnUrl) {
        return attempted.add(returnUrl);
    }

    public void clear() {
        byToken.clear();
        attempted.clear();
    }

    /** 32 hexadecimal digits, as in the document's checkUrl. */
    private String newToken() {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        return HexFormat.of().formatHex(token);
    }
}

package io.liveness.gateway.check.open;

import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.ReturnUrl;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/**
 * Chooses the {@code returnUrl} for the vendor. With the hop on, a browser returns to the gateway first ({@code ReturnResource}), so that
 * the verdict is known before the caller's page opens.
 */
@Singleton
public class ReturnHop implements ConfigurationRule {

    public static final String PATH = "/v1/return";

    /** Return of the person's browser by way of the gateway. */
    @ConfigMapping(prefix = "liveness.return-hop")
    public interface ReturnSettings {

        /**
         * Address by which browsers reach the gateway, before {@code /v1}, up to 201 characters. Switches the
         * <a href="docs/callers.md#return-hop">return hop</a> on.
         */
        Optional<String> baseUrl();

        /**
         * People at once at a replica; more are answered 503. A session has two of these places. Size: three times the returns per second.
         */
        @WithDefault("64")
        @Min(value = 1, message = "liveness.return-hop.max-concurrent must be at least 1")
        int maxConcurrent();
    }

    private static final String RULE =
            "liveness.return-hop.base-url must be a web address http(s)://<host>… of at most " + longest()
                    + " characters, without user, query and fragment";

    private final Optional<String> base;

    @Inject
    ReturnHop(ReturnSettings config) {
        this(config.baseUrl());
    }

    /** @throws IllegalArgumentException with a sentence that names the property */
    ReturnHop(Optional<String> baseUrl) {
        base = baseUrl.map(ReturnHop::checked);
    }

    /** The hop's address with the caller's prefix; the caller's own address where no browser returns. */
    ReturnUrl vendorReturnUrl(ReturnUrl callers, UUID session) {
        return base.isPresent() && callers.webAddress().isPresent()
                ? callers.leadingTo(address(base.get(), session))
                : callers;
    }

    private static String checked(String given) {
        String base = given.replaceFirst("/+$", "");
        try {
            // The longest that will ever be sent.
            ReturnUrl.parse("replace:" + address(base, new UUID(0, 0)));
            URI uri = URI.create(base);
            if (uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null) {
                return base;
            }
        } catch (IllegalArgumentException broken) {
            // Said below, by the property's name.
        }
        throw new IllegalArgumentException(RULE);
    }

    private static String address(String base, UUID session) {
        return base + PATH + "/" + session;
    }

    private static int longest() {
        return ReturnUrl.MAX_LENGTH - ("replace:" + address("", new UUID(0, 0))).length();
    }
}

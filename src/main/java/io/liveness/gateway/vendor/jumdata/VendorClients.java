package io.liveness.gateway.vendor.jumdata;

import io.liveness.gateway.platform.security.Loopback;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/**
 * Checks the vendor's addresses, and makes the clients at the start. Left alone they are made at the first call, and a wrong setting
 * costs that one a session.
 */
@Singleton
class VendorClients implements ConfigurationRule {

    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://[^\\s/?#@]+(/[^\\s?#]*)?");

    VendorClients(
            @ConfigProperty(name = "quarkus.rest-client.jumdata.url") String resultAddress,
            @ConfigProperty(name = "quarkus.rest-client.jumdata-init.url") String initAddress) {
        List<String> wrong = Stream.of(
                        whyWrong("quarkus.rest-client.jumdata.url", resultAddress),
                        whyWrong("quarkus.rest-client.jumdata-init.url", initAddress))
                .flatMap(Optional::stream)
                .toList();
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
    }

    void make(
            @Observes StartupEvent start,
            @RestClient VendorApi.Result result,
            @RestClient VendorApi.FinalResult finalPoll,
            @RestClient VendorApi.Init init) {
        ClientProxy.unwrap(result);
        ClientProxy.unwrap(finalPoll);
        ClientProxy.unwrap(init);
    }

    static Optional<String> whyWrong(String property, String value) {
        if (!WEB_ADDRESS.matcher(value).matches()) {
            return Optional.of(property + " must be the vendor's address https://<host>…");
        }
        return Loopback.isSafe(value)
                ? Optional.empty()
                : Optional.of(property + " must begin with https:, or with http: and localhost, 127.0.0.1 or [::1]");
    }
}

package io.liveness.gateway.jumdata;

import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** Makes the clients at the start. Left alone they are made at the first call, and a wrong setting costs that one a session. */
@ApplicationScoped
class VendorClients {

    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://[^\\s/?#@]+(/[^\\s?#]*)?");

    private static final Pattern LOOPBACK =
            Pattern.compile("http://(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?(/.*)?");

    void make(
            @Observes StartupEvent start,
            @ConfigProperty(name = "quarkus.rest-client.jumdata.url") String resultAddress,
            @ConfigProperty(name = "quarkus.rest-client.jumdata-init.url") String initAddress,
            @RestClient ResultApi result,
            @RestClient InitApi init) {
        requireWebAddress("quarkus.rest-client.jumdata.url", resultAddress);
        requireWebAddress("quarkus.rest-client.jumdata-init.url", initAddress);
        ClientProxy.unwrap(result);
        ClientProxy.unwrap(init);
    }

    static void requireWebAddress(String property, String value) {
        if (!WEB_ADDRESS.matcher(value).matches()) {
            throw new IllegalStateException(property + " must be the vendor's address https://<host>…");
        }
        if (value.startsWith("http:") && !LOOPBACK.matcher(value).matches()) {
            throw new IllegalStateException(
                    property + " must begin with https:, or with http: and localhost, 127.0.0.1 or [::1]");
        }
    }
}

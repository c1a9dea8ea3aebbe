package io.liveness.gateway.jumdata;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A client reads its address at the first call only; a wrong one is to stop the start instead. */
@ApplicationScoped
class VendorAddress {

    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://[^\\s/?#]+(/[^\\s?#]*)?");

    void check(
            @Observes StartupEvent start,
            @ConfigProperty(name = "quarkus.rest-client.jumdata.url") String result,
            @ConfigProperty(name = "quarkus.rest-client.jumdata-init.url") String init) {
        check("quarkus.rest-client.jumdata.url", result);
        check("quarkus.rest-client.jumdata-init.url", init);
    }

    static void check(String property, String value) {
        if (!WEB_ADDRESS.matcher(value).matches()) {
            throw new IllegalStateException(property + " must be the vendor's address http(s)://<host>…");
        }
    }
}

package io.liveness.gateway.notify.receiver;

import io.liveness.gateway.notify.WebhookConfig;
import io.liveness.gateway.platform.AllowedHost;
import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Allowed receivers. Callers choose the address of a receiver, and it is called from inside the company's network: therefore only {@code
 * https}, only these hosts and networks, and only IP addresses that are public or in these networks.
 *
 * <p>An entry is a host, see {@link AllowedHost}, or a network. A host entry allows its host and port, at public addresses, at addresses in
 * a listed network, and at the address it is itself; {@code http://localhost:port} at loopback addresses. A network allows any host on
 * port 443 whose addresses are all in listed networks.
 */
@Singleton
public class AllowedReceivers implements ConfigurationRule {

    private static final String NOT_TLS = "must begin with https://";
    private static final String NOT_LISTED_HERE =
            "must begin with https://, or be listed as http://localhost:<port> in liveness.webhook.allowed-hosts";
    private static final String NOT_LISTED = "must have a host and port that the operator of the gateway allows";

    private final List<AllowedHost> hosts = new ArrayList<>();
    private final List<Network> networks = new ArrayList<>();

    @Inject
    AllowedReceivers(WebhookConfig config) {
        this(config.allowedHosts().orElse(List.of()));
    }

    AllowedReceivers(List<String> entries) {
        entries.forEach(this::add);
    }

    private void add(String entry) {
        Optional<Network> network = Network.parse(entry);
        if (network.isPresent()) {
            networks.add(network.get());
        } else {
            hosts.add(AllowedHost.parse(entry).orElseThrow(() -> refused(entry)));
        }
    }

    private static IllegalArgumentException refused(String entry) {
        return new IllegalArgumentException(
                "liveness.webhook.allowed-hosts must have entries <host>, <host>:<port>, *.<domain>, <network>/<length of prefix> or"
                        + " http://localhost:<port>; receivers are called by https alone, but on the machine itself. Not such an entry: "
                        + entry);
    }

    /**
     * Whether an owner may have a receiver there, as far as the list says. Names are not resolved here: {@link Receivers} does it, and checks
     * the addresses of each call.
     *
     * @return what the field {@code url} breaks, for its problem; empty when it is allowed
     */
    public Optional<String> whyRefused(String url) {
        Optional<ReceiverUrl> parsed = ReceiverUrl.parse(url);
        if (parsed.isEmpty()) {
            return Optional.of(ReceiverUrl.RULE);
        }
        if (mayAllow(parsed.get())) {
            return Optional.empty();
        }
        boolean mayBeListed = AllowedHost.parse(
                        "http://" + parsed.get().host() + ":" + parsed.get().port())
                .isPresent();
        return Optional.of(parsed.get().tls() ? NOT_LISTED : mayBeListed ? NOT_LISTED_HERE : NOT_TLS);
    }

    /** Whether the list allows the receiver, as far as it can be said before its name is resolved. */
    boolean mayAllow(ReceiverUrl url) {
        return url.literal()
                .map(address -> allows(url, List.of(address)))
                .orElseGet(() -> isListed(url) || mayBeInNetwork(url));
    }

    /** @param addresses all that the receiver's host has; one that is not allowed rules out all of them */
    boolean allows(ReceiverUrl url, List<InetAddress> addresses) {
        boolean listed = isListed(url);
        return !addresses.isEmpty()
                && (listed || mayBeInNetwork(url))
                && addresses.stream().allMatch(address -> allows(url, listed, address));
    }

    private boolean allows(ReceiverUrl url, boolean listed, InetAddress address) {
        if (!url.tls()) {
            return address.isLoopbackAddress();
        }
        return Network.anyHolds(networks, address)
                || listed && (Network.isPublic(address) || url.literal().isPresent());
    }

    private boolean isListed(ReceiverUrl url) {
        return hosts.stream().anyMatch(entry -> entry.allows(url.tls(), url.host(), url.port()));
    }

    private boolean mayBeInNetwork(ReceiverUrl url) {
        return url.tls() && url.port() == AllowedHost.HTTPS && !networks.isEmpty();
    }
}

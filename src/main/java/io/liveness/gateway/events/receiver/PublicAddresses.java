package io.liveness.gateway.events.receiver;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Which IP addresses lead to the public internet, by IANA's registries of special-purpose addresses (RFC 6890). Those that lead to another
 * address, of version 4, count as not public: NAT64, 6to4, Teredo, and what is not mapped to version 4 by Java itself.
 */
final class PublicAddresses {

    private final List<Network> notOfVersion4 = Network.all(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10", // shared by customers of a provider; some clouds have their metadata in it
            "127.0.0.0/8",
            "168.63.129.16/32", // Azure: services of the host
            "169.254.0.0/16", // link-local, metadata of clouds
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, broadcast

    /** All that IANA has given out as global unicast. */
    private final List<Network> ofVersion6 = Network.all("2000::/3");

    private final List<Network> notOfVersion6 = Network.all(
            "2001::/23", // protocols, such as Teredo
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4
            "3fff::/20"); // documentation

    boolean holds(InetAddress address) {
        return address instanceof Inet4Address
                ? !anyHolds(notOfVersion4, address)
                : anyHolds(ofVersion6, address) && !anyHolds(notOfVersion6, address);
    }

    static boolean anyHolds(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.holds(address));
    }
}

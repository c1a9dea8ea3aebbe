package io.liveness.gateway.notify.receiver;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A range of IP addresses, written {@code 10.20.0.0/16} or {@code fd00:12::/32}. Netty's IpSubnetFilterRule takes an IPv6 address whose
 * first bits are all 1 for part of any range: by it, fe80::1 is in 2000::/3.
 *
 * @param bits of an address: 32 or 128
 * @param ownBits bits in which addresses of the range differ
 */
record Network(BigInteger first, int bits, int ownBits) {

    private static final Pattern CIDR = Pattern.compile("([0-9a-fA-F.:]+)/([1-9]\\d{0,2})");

    private static final List<Network> NOT_OF_VERSION_4 = all(
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
    private static final List<Network> OF_VERSION_6 = all("2000::/3");

    private static final List<Network> NOT_OF_VERSION_6 = all(
            "2001::/23", // protocols, such as Teredo
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4
            "3fff::/20"); // documentation

    /** @return empty when it is no network, or the network of all addresses */
    static Optional<Network> parse(String text) {
        Matcher cidr = CIDR.matcher(text.strip());
        return cidr.matches()
                ? ReceiverUrl.literal(cidr.group(1)).flatMap(address -> of(address, Integer.parseInt(cidr.group(2))))
                : Optional.empty();
    }

    private static List<Network> all(String... texts) {
        return Stream.of(texts).map(text -> parse(text).orElseThrow()).toList();
    }

    private static Optional<Network> of(InetAddress address, int prefix) {
        int bits = bits(address);
        return prefix > bits ? Optional.empty() : Optional.of(new Network(number(address), bits, bits - prefix));
    }

    /**
     * Whether an address leads to the public internet, by IANA's registries of special-purpose addresses (RFC 6890). One that leads to
     * another address, of version 4, is not public: NAT64, 6to4, Teredo, and what is not mapped to version 4 by Java itself.
     */
    static boolean isPublic(InetAddress address) {
        return address instanceof Inet4Address
                ? !anyHolds(NOT_OF_VERSION_4, address)
                : anyHolds(OF_VERSION_6, address) && !anyHolds(NOT_OF_VERSION_6, address);
    }

    static boolean anyHolds(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.holds(address));
    }

    boolean holds(InetAddress address) {
        return bits(address) == bits && number(address).xor(first).bitLength() <= ownBits;
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }
}

package io.liveness.gateway.events.receiver;

import java.math.BigInteger;
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

    /** @return empty when it is no network, or the network of all addresses */
    static Optional<Network> parse(String text) {
        Matcher cidr = CIDR.matcher(text.strip());
        return cidr.matches()
                ? ReceiverUrl.literal(cidr.group(1)).flatMap(address -> of(address, Integer.parseInt(cidr.group(2))))
                : Optional.empty();
    }

    static List<Network> all(String... texts) {
        return Stream.of(texts).map(text -> parse(text).orElseThrow()).toList();
    }

    private static Optional<Network> of(InetAddress address, int prefix) {
        int bits = bits(address);
        return prefix > bits ? Optional.empty() : Optional.of(new Network(number(address), bits, bits - prefix));
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

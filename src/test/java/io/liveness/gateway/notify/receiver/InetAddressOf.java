package io.liveness.gateway.notify.receiver;

import java.net.InetAddress;
import java.net.UnknownHostException;

final class InetAddressOf {

    private InetAddressOf() {}

    /** An address as a resolver gives it. There is no look-up for what is no name. */
    static InetAddress text(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}

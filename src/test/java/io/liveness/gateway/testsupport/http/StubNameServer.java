package io.liveness.gateway.testsupport.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on loopback that knows no name, and does not answer for names with {@code silent} in them. */
public final class StubNameServer implements AutoCloseable {

    private final DatagramSocket socket;
    private final AtomicInteger questions = new AtomicInteger();

    public StubNameServer(int port) {
        try {
            socket = new DatagramSocket(port, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "stub name server");
        thread.setDaemon(true);
        thread.start();
    }

    public int questions() {
        return questions.get();
    }

    private void serve() {
        byte[] buffer = new byte[1500];
        try {
            while (true) {
                DatagramPacket message = new DatagramPacket(buffer, buffer.length);
                socket.receive(message);
                questions.incrementAndGet();
                if (!new String(buffer, 0, message.getLength(), ISO_8859_1).contains("silent")) {
                    buffer[2] |= (byte) 0x80; // an answer …
                    buffer[3] = (byte) 0x83; // … of NXDOMAIN (RFC 1035, 4.1.1)
                    socket.send(message);
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}

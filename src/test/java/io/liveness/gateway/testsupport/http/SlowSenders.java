package io.liveness.gateway.testsupport.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Many connections that send a byte at a time and, until the other side closes them, read nothing. */
public final class SlowSenders implements AutoCloseable {

    /** As small as it can be: what is not read stays at the sender. */
    private static final int RECEIVE_BUFFER = 1_024;

    private static final class Sender {
        private final SocketChannel channel;
        private final ByteBuffer answer = ByteBuffer.allocate(4_096);
        private boolean closed;

        Sender(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private final List<Sender> senders = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    public SlowSenders(int port, int count) throws IOException {
        for (int n = 0; n < count; n++) {
            SocketChannel channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            channel.connect(new InetSocketAddress("localhost", port));
            channel.configureBlocking(false);
            senders.add(new Sender(channel));
        }
    }

    /** On each connection, as much of it as the other side takes. */
    public void send(String part) throws IOException {
        for (Sender sender : senders) {
            sender.channel.write(ByteBuffer.wrap(part.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    /** From now on one more byte on each connection. */
    public void dripEvery(Duration pause) {
        clock.scheduleAtFixedRate(this::drip, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void drip() {
        for (Sender sender : senders) {
            if (!sender.closed) {
                try {
                    sender.channel.write(ByteBuffer.wrap(new byte[] {'x'}));
                } catch (IOException e) {
                    // Read below: an answer may have come before the other side closed.
                }
            }
        }
    }

    /** How many the other side has closed. */
    public synchronized long closed() {
        for (Sender sender : senders) {
            if (!sender.closed) {
                try {
                    sender.closed = sender.channel.read(sender.answer) < 0;
                } catch (IOException e) {
                    sender.closed = true;
                }
            }
        }
        return senders.stream().filter(sender -> sender.closed).count();
    }

    /** How many answers with this status came, so far as they were read. */
    public long answered(int status) {
        closed();
        return senders.stream()
                .filter(sender -> new String(
                                sender.answer.array(), 0, sender.answer.position(), StandardCharsets.ISO_8859_1)
                        .startsWith("HTTP/1.1 " + status + " "))
                .count();
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        for (Sender sender : senders) {
            sender.channel.close();
        }
    }
}

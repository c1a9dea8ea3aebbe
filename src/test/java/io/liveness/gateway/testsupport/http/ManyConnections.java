package io.liveness.gateway.testsupport.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Many connections that send what they are told, read the first bytes of an answer, and never close by themselves. */
public final class ManyConnections implements AutoCloseable {

    /** The buffer is small so that what is not read stays at the sender. */
    private static final int RECEIVE_BUFFER = 1_024;

    private static final class Sender {
        private final SocketChannel channel;
        private final ByteBuffer answer = ByteBuffer.allocate(4_096);
        private boolean closed;

        Sender(SocketChannel channel) {
            this.channel = channel;
        }

        /** @return how much the other side took */
        int write(ByteBuffer part) {
            try {
                return closed ? 0 : channel.write(part);
            } catch (IOException e) {
                // Read later: an answer may have come before the other side closed.
                return 0;
            }
        }

        void read() {
            try {
                closed = closed || channel.read(answer) < 0;
            } catch (IOException e) {
                closed = true;
            }
        }

        boolean isAnswered(int status) {
            return new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1)
                    .startsWith("HTTP/1.1 " + status + " ");
        }
    }

    private final List<Sender> senders = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    public ManyConnections(String url, int count) throws IOException {
        for (int n = 0; n < count; n++) {
            SocketChannel channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            channel.connect(new InetSocketAddress("localhost", URI.create(url).getPort()));
            channel.configureBlocking(false);
            senders.add(new Sender(channel));
        }
    }

    /** Each connection in turn gets as much of the part as its other side takes, until no side takes more. */
    public synchronized void send(String part) {
        byte[] bytes = part.getBytes(StandardCharsets.ISO_8859_1);
        List<ByteBuffer> left =
                senders.stream().map(sender -> ByteBuffer.wrap(bytes)).toList();
        int taken;
        do {
            taken = 0;
            for (int n = 0; n < left.size(); n++) {
                taken += senders.get(n).write(left.get(n));
            }
        } while (taken > 0);
    }

    /** From now on one more byte on each connection. */
    public void dripEvery(Duration pause) {
        clock.scheduleAtFixedRate(() -> send("x"), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How many the other side has closed. */
    public synchronized long closed() {
        senders.forEach(Sender::read);
        return senders.stream().filter(sender -> sender.closed).count();
    }

    /** How many answers with this status came, so far as they were read. */
    public synchronized long answered(int status) {
        senders.forEach(Sender::read);
        return senders.stream().filter(sender -> sender.isAnswered(status)).count();
    }

    @Override
    public synchronized void close() throws IOException {
        clock.shutdownNow();
        for (Sender sender : senders) {
            sender.channel.close();
        }
    }
}

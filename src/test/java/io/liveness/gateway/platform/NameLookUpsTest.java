package io.liveness.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.resolver.AddressResolver;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NameLookUpsTest {

    private static final int PATIENCE_SECONDS = 30;
    private static final InetAddress[] ADDRESSES = {address(1), address(2)};

    private final DefaultEventExecutor eventLoop = new DefaultEventExecutor();
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void end() {
        answer.countDown();
        eventLoop.shutdownGracefully();
    }

    @Test
    void an_event_loop_goes_on_while_a_name_server_is_silent() throws Exception {
        AddressResolver<InetSocketAddress> names = slow();

        Future<InetSocketAddress> one = eventLoop.submit(() -> resolve(names)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(eventLoop.submit(() -> "goes on").get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isEqualTo("goes on");
        assertThat(one.isDone()).isFalse();

        answer.countDown();
        assertThat(one.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getAddress()).isEqualTo(ADDRESSES[0]);
    }

    @Test
    void concurrent_look_ups_of_a_name_share_one() throws Exception {
        AddressResolver<InetSocketAddress> names = slow();

        List<Future<InetSocketAddress>> many = List.of(resolve(names), resolve(names), resolve(names));
        answer.countDown();
        for (Future<InetSocketAddress> each : many) {
            assertThat(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getPort()).isEqualTo(443);
        }

        assertThat(asked).hasValue(1);
    }

    @Test
    void all_addresses_are_returned() throws Exception {
        answer.countDown();

        assertThat(slow().resolveAll(InetSocketAddress.createUnresolved("api.example", 443))
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .extracting(InetSocketAddress::getAddress)
                .containsExactly(ADDRESSES);
    }

    @Test
    void a_name_that_is_not_known_is_a_failure_that_says_so() {
        AddressResolver<InetSocketAddress> names = new NameLookUps(host -> {
                    throw new UnknownHostException(host);
                })
                .getResolver(eventLoop);

        assertThatThrownBy(() -> resolve(names).get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasCause(new UnknownHostException("api.example"));
    }

    private AddressResolver<InetSocketAddress> slow() {
        return new NameLookUps(host -> {
                    asked.incrementAndGet();
                    awaitAnswer();
                    return ADDRESSES;
                })
                .getResolver(eventLoop);
    }

    private void awaitAnswer() {
        try {
            answer.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Future<InetSocketAddress> resolve(AddressResolver<InetSocketAddress> names) {
        return names.resolve(InetSocketAddress.createUnresolved("api.example", 443));
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}

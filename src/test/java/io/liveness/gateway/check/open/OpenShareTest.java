package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.security.Caller;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OpenShareTest {

    private static final Caller GREEDY = new Caller("greedy");
    private static final Caller MODEST = new Caller("modest");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private long nanos;
    private OpenShare share = share(0.5);

    private OpenShare share(double most) {
        return share(most, new Database(null));
    }

    private OpenShare share(double most, Database database) {
        return new OpenShare(most, new Refusals(meters), meters, () -> nanos, database, Clock.systemUTC());
    }

    @Test
    void one_caller_cannot_keep_all_places_from_another() {
        share = share(1);
        assertThat(sentByModest()).as("of 60, without a limit").isLessThan(10);

        share = share(0.5);
        assertThat(sentByModest()).as("of 60, with a limit").isGreaterThan(50);
    }

    /** A minute in which a vendor allows five opens a second, one caller sends 50 a second, and another one. */
    private int sentByModest() {
        int sent = 0;
        double places = 10;
        for (int milli = 0; milli < 60_000; milli += 20) {
            pass(Duration.ofMillis(20));
            places = Math.min(10, places + 0.1);
            places -= opens(GREEDY, places) ? 1 : 0;
            if (milli % 1_000 == 460 && opens(MODEST, places)) {
                places--;
                sent++;
            }
        }
        return sent;
    }

    private boolean opens(Caller caller, double places) {
        if (share.isExceeded(caller)) {
            return false;
        }
        if (places < 1) {
            share.refused(caller);
            return false;
        }
        share.sent(caller);
        return true;
    }

    @Test
    void callers_that_were_refused_are_told_to_other_replicas_again_after_a_look_that_failed() {
        List<List<Object>> told = new ArrayList<>();
        share = share(0.5, new Database(null) {
            @Override
            public <T> Uni<T> execute(
                    Connections connections, String sql, Tuple parameters, Function<RowSet<Row>, T> result) {
                told.add(List.of((Object[]) parameters.getValue(1)));
                return Uni.createFrom().failure(new IllegalStateException("away"));
            }
        });
        share.refused(MODEST);
        look();
        look();
        pass(Duration.ofMinutes(1));
        look();
        share.refused(GREEDY);
        look();

        assertThat(told).containsExactly(List.of("modest"), List.of("modest"), List.of("greedy"));
    }

    private void look() {
        share.lookElsewhere().await().atMost(Duration.ofSeconds(10));
    }

    @Test
    void a_caller_over_its_share_waits_for_seconds_after_the_budget_was_spent() {
        send(GREEDY, 20);
        send(MODEST, 5);
        assertThat(share.isExceeded(GREEDY)).as("the budget is enough for all").isFalse();

        share.refused(MODEST);

        assertThat(share.isExceeded(GREEDY)).isTrue();
        assertThat(share.isExceeded(MODEST)).isFalse();
        pass(Duration.ofSeconds(3));
        assertThat(share.isExceeded(GREEDY)).isFalse();
    }

    @Test
    void a_caller_that_is_alone_at_its_replica_waits_for_one_that_opens_at_another() {
        send(GREEDY, 20);
        share.refused(GREEDY);
        assertThat(share.isExceeded(GREEDY)).isFalse();

        share.askedElsewhere(MODEST);

        assertThat(share.isExceeded(GREEDY)).isTrue();
    }

    @Test
    void alone_or_with_few_opens_a_caller_never_waits() {
        send(GREEDY, 20);
        share.refused(GREEDY);
        assertThat(share.isExceeded(GREEDY)).as("alone").isFalse();

        send(MODEST, 1);
        pass(Duration.ofMinutes(5));
        send(MODEST, 1);
        send(GREEDY, 9);
        share.refused(MODEST);
        assertThat(share.isExceeded(GREEDY)).as("with few").isFalse();
    }

    private void send(Caller caller, int opens) {
        for (int open = 0; open < opens; open++) {
            share.isExceeded(caller);
            share.sent(caller);
        }
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}

package io.liveness.gateway.retention.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.github.f4b6a3.uuid.UuidCreator;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PositionTest {

    private static final Instant FIRST = Instant.parse("2026-11-01T00:00:00Z");

    @Test
    void the_share_follows_the_time_of_creation() {
        Position at = Position.beginning(2).within(created(0), created(1_000));

        assertThat(at.share()).isZero();
        assertThat(at.after(created(250)).share()).isCloseTo(0.25, within(0.001));
        assertThat(at.after(created(1_000)).share()).isEqualTo(1);
    }

    @Test
    void a_table_that_is_not_begun_or_has_one_row_has_no_share() {
        UUID only = created(0);

        assertThat(Position.beginning(2).share()).isZero();
        assertThat(Position.beginning(2).within(only, only).after(only).share()).isZero();
    }

    @Test
    void a_stage_begins_before_every_id() {
        assertThat(Position.beginning(0).after()).isEqualTo(new UUID(0, 0));
        assertThat(Position.beginning(0).after(created(5)).after()).isNotEqualTo(new UUID(0, 0));
    }

    private static UUID created(int secondsLater) {
        return UuidCreator.getTimeOrderedEpoch(FIRST.plusSeconds(secondsLater));
    }
}

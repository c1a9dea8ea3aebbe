package io.liveness.gateway.reconciliation;

import io.liveness.gateway.session.LookSchedule;
import io.liveness.gateway.vendor.LivenessVendor;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * When the vendor is asked: at configured offsets from the moment init was sent, the last step repeated; at fixed last looks
 * before the token's end; and after it, to hear the 301, until somebody gives up.
 */
@Startup // a bad timetable must stop the start
@Singleton
class Timetable implements LookSchedule {

    // The vendor's two hours begin a little after ours, when init reaches it: it must not be asked for the 301 too
    // early.
    private static final Duration AFTER_THE_END = Duration.ofSeconds(5);

    private final List<Duration> offsets;
    private final Duration lastStep;
    private final List<Duration> lastLooks;

    @Inject
    Timetable(ReconcileConfig config, LivenessVendor vendor) {
        this(config.timetable(), config.lastLooks(), vendor.tokenLifetime());
    }

    /** @throws IllegalArgumentException with a sentence that names the property */
    Timetable(List<Duration> offsets, List<Duration> lastLooks, Duration tokenLifetime) {
        Duration before = Duration.ZERO;
        for (Duration offset : offsets) {
            require(
                    offset.compareTo(before) > 0,
                    "liveness.reconcile.timetable must be positive offsets in ascending order, got " + offsets);
            before = offset;
        }
        for (Duration look : lastLooks) {
            require(
                    look.compareTo(Duration.ZERO) > 0 && look.compareTo(tokenLifetime) < 0,
                    "liveness.reconcile.last-looks must be positive and shorter than jumdata.token-lifetime ("
                            + tokenLifetime + "), got " + look);
        }
        this.offsets = List.copyOf(offsets);
        this.lastLooks = List.copyOf(lastLooks);
        Duration last = offsets.get(offsets.size() - 1);
        this.lastStep = offsets.size() == 1 ? last : last.minus(offsets.get(offsets.size() - 2));
    }

    private static void require(boolean rule, String message) {
        if (!rule) {
            throw new IllegalArgumentException(message);
        }
    }

    @Override
    public Look next(Instant initAt, Instant tokenExpiresAt, Instant now) {
        Look ordinary = new Look(ordinary(initAt, now), false);
        // Not a last look: there is no verdict left to lose, and those that have one go first.
        Look hearTheEnd = new Look(tokenExpiresAt.plus(AFTER_THE_END), false);
        if (!hearTheEnd.at().isAfter(now)) {
            return ordinary;
        }
        return Stream.concat(
                        lastLooks.stream().map(before -> new Look(tokenExpiresAt.minus(before), true)),
                        Stream.of(ordinary, hearTheEnd))
                .filter(look -> look.at().isAfter(now))
                .min(Comparator.comparing(Look::at))
                .orElse(ordinary);
    }

    private Instant ordinary(Instant initAt, Instant now) {
        for (Duration offset : offsets) {
            if (initAt.plus(offset).isAfter(now)) {
                return initAt.plus(offset);
            }
        }
        Instant last = initAt.plus(offsets.get(offsets.size() - 1));
        long steps = Duration.between(last, now).dividedBy(lastStep) + 1;
        return last.plus(lastStep.multipliedBy(steps));
    }
}

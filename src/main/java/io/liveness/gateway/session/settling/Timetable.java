package io.liveness.gateway.session.settling;

import io.liveness.gateway.session.opening.PollSchedule;
import io.liveness.gateway.vendor.LivenessVendor;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Computes poll times: configured offsets from init, with the last step repeated; fixed final polls before the token's end; and polls after
 * it for the 301, until the session is written off.
 */
@Startup // a bad timetable must stop the start
@Singleton
class Timetable implements PollSchedule {

    // The vendor's two hours begin a little after ours, when init reaches it: it must not be asked for the 301 too
    // early.
    private static final Duration AFTER_THE_END = Duration.ofSeconds(5);

    // A final poll without an answer is repeated within this time, at random, so that repetitions are spread.
    private static final long REPEAT_FROM_MILLIS = 5_000;
    private static final long REPEAT_TO_MILLIS = 10_000;
    // The last repetition: as late as an answer can still come before the end.
    private static final Duration REPEATED_BEFORE_END = Duration.ofSeconds(2);

    private final List<Duration> offsets;
    private final Duration lastStep;
    private final List<Duration> finalPolls;
    private final Duration finalPollsBegin;

    @Inject
    Timetable(PollConfig config, LivenessVendor vendor) {
        this(config.timetable(), config.finalPolls(), vendor.tokenLifetime());
    }

    /** @throws IllegalArgumentException with a sentence that names the property */
    Timetable(List<Duration> offsets, List<Duration> finalPolls, Duration tokenLifetime) {
        Duration before = Duration.ZERO;
        for (Duration offset : offsets) {
            require(
                    offset.compareTo(before) > 0,
                    "liveness.reconcile.timetable must be positive offsets in ascending order, got " + offsets);
            before = offset;
        }
        require(!finalPolls.isEmpty(), "liveness.reconcile.last-looks must have at least one");
        for (Duration poll : finalPolls) {
            require(
                    poll.compareTo(Duration.ZERO) > 0 && poll.compareTo(tokenLifetime) < 0,
                    "liveness.reconcile.last-looks must be positive and shorter than jumdata.token-lifetime ("
                            + tokenLifetime + "), got " + poll);
        }
        this.offsets = List.copyOf(offsets);
        this.finalPolls = List.copyOf(finalPolls);
        this.finalPollsBegin = finalPolls.stream().max(Duration::compareTo).orElseThrow();
        Duration last = offsets.get(offsets.size() - 1);
        this.lastStep = offsets.size() == 1 ? last : last.minus(offsets.get(offsets.size() - 2));
    }

    private static void require(boolean rule, String message) {
        if (!rule) {
            throw new IllegalArgumentException(message);
        }
    }

    @Override
    public Duration finalPollsBegin() {
        return finalPollsBegin;
    }

    @Override
    public Instant next(Instant initAt, Instant tokenExpiresAt, Instant now) {
        Instant hearTheEnd = tokenExpiresAt.plus(AFTER_THE_END);
        Instant ordinary = ordinary(initAt, now);
        if (!hearTheEnd.isAfter(now)) {
            return ordinary;
        }
        Stream<Instant> ordinaryInTime =
                Stream.of(ordinary).filter(poll -> poll.isBefore(tokenExpiresAt.minus(finalPollsBegin)));
        Stream<Instant> last = finalPolls.stream().map(tokenExpiresAt::minus).filter(poll -> poll.isAfter(now));
        return Stream.of(ordinaryInTime, last)
                .flatMap(polls -> polls)
                .min(Instant::compareTo)
                .orElse(hearTheEnd);
    }

    @Override
    public Instant afterNoAnswer(Instant initAt, Instant tokenExpiresAt, Instant now) {
        Instant repeated = now.plusMillis(ThreadLocalRandom.current().nextLong(REPEAT_FROM_MILLIS, REPEAT_TO_MILLIS));
        Instant latest = tokenExpiresAt.minus(REPEATED_BEFORE_END);
        boolean finalPoll = !now.isBefore(tokenExpiresAt.minus(finalPollsBegin));
        boolean timeForAnother = !latest.isBefore(now.plus(REPEATED_BEFORE_END));
        if (!finalPoll || !timeForAnother) {
            return next(initAt, tokenExpiresAt, now);
        }
        return repeated.isBefore(latest) ? repeated : latest;
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

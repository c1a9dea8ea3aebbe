package io.liveness.gateway.check.schedule;

import io.liveness.gateway.platform.start.ConfigurationRule;
import io.liveness.gateway.vendor.LivenessVendor;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Computes when to poll the vendor for a session without a verdict: configured offsets from init, with the last step repeated; fixed
 * final polls before the token's end; and polls after it for the 301, until the session is written off.
 */
@Singleton
public class Timetable implements ConfigurationRule {

    // The vendor's two hours begin a little after ours, when init reaches it: it must not be asked for the 301 too
    // early.
    private static final Duration AFTER_THE_END = Duration.ofSeconds(5);

    // A final poll without an answer is repeated within this time, at random, so that repetitions are spread.
    private static final long REPEAT_FROM_MILLIS = 5_000;
    private static final long REPEAT_TO_MILLIS = 10_000;
    // In the last seconds it is repeated every second: no later poll would have the verdict.
    private static final Duration LAST_SECONDS = Duration.ofSeconds(12);
    private static final Duration SOON = Duration.ofSeconds(1);

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
        List<String> wrong = new ArrayList<>();
        if (!isAscending(offsets)) {
            wrong.add("liveness.poll.timetable must be positive offsets in ascending order, got " + offsets);
        }
        if (finalPolls.isEmpty()) {
            wrong.add("liveness.poll.final-polls must have at least one");
        }
        finalPolls.stream()
                .filter(poll -> poll.compareTo(Duration.ZERO) <= 0 || poll.compareTo(tokenLifetime) >= 0)
                .forEach(poll -> wrong.add("liveness.poll.final-polls must be positive and shorter than"
                        + " jumdata.token-lifetime (" + tokenLifetime + "), got " + poll));
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
        this.offsets = List.copyOf(offsets);
        this.finalPolls = List.copyOf(finalPolls);
        this.finalPollsBegin = finalPolls.stream().max(Duration::compareTo).orElseThrow();
        Duration last = offsets.get(offsets.size() - 1);
        this.lastStep = offsets.size() == 1 ? last : last.minus(offsets.get(offsets.size() - 2));
    }

    private static boolean isAscending(List<Duration> offsets) {
        Duration before = Duration.ZERO;
        for (Duration offset : offsets) {
            if (offset.compareTo(before) <= 0) {
                return false;
            }
            before = offset;
        }
        return true;
    }

    /** How long before a token's end its final polls begin. */
    public Duration finalPollsBegin() {
        return finalPollsBegin;
    }

    /** Whether a poll now is a final one: the verdict is lost soon. */
    public boolean isFinal(Instant tokenExpiresAt, Instant now) {
        return !now.isBefore(tokenExpiresAt.minus(finalPollsBegin)) && now.isBefore(tokenExpiresAt);
    }

    /**
     * The first poll after {@code now}.
     *
     * @param initAt when init was sent
     * @param tokenExpiresAt when the verdict is lost
     */
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

    /** The poll after one without an answer: soon, if it was a final poll and the token has not ended. */
    public Instant afterNoAnswer(Instant initAt, Instant tokenExpiresAt, Instant now) {
        Instant next = next(initAt, tokenExpiresAt, now);
        if (!isFinal(tokenExpiresAt, now)) {
            return next;
        }
        Duration pause = now.isBefore(tokenExpiresAt.minus(LAST_SECONDS))
                ? Duration.ofMillis(ThreadLocalRandom.current().nextLong(REPEAT_FROM_MILLIS, REPEAT_TO_MILLIS))
                : SOON;
        Instant repeated = now.plus(pause);
        return repeated.isBefore(next) ? repeated : next;
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

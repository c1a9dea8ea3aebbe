package io.liveness.gateway.sandbox.books;

import io.liveness.gateway.sandbox.check.BookRow;
import io.liveness.gateway.sandbox.check.Check;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** The vendor's books: every fee it took and every call it received, independent of the gateway's. */
public final class Books {

    private final InstantSource clock;
    private final BigDecimal price;
    private final Queue<Check> fees = new ConcurrentLinkedQueue<>();
    private final Queue<CallTime> calls = new ConcurrentLinkedQueue<>();
    private final AtomicLong initCalls = new AtomicLong();
    private final AtomicLong resultCalls = new AtomicLong();

    public Books(InstantSource clock, BigDecimal price) {
        this.clock = clock;
        this.price = price;
    }

    /** Every fee taken, oldest first, with refunds at expiry worked out for the present moment. */
    public List<BookRow> rows() {
        Instant now = clock.instant();
        return fees.stream().flatMap(check -> check.row(now, price).stream()).toList();
    }

    /** When each call arrived, in order of arrival. */
    public List<CallTime> callTimes() {
        return List.copyOf(calls);
    }

    /** Init calls received, refused ones included. */
    public long initCalls() {
        return initCalls.get();
    }

    /** Result calls received, refused ones included. */
    public long resultCalls() {
        return resultCalls.get();
    }

    public void received(CallTime.Call call) {
        (call == CallTime.Call.INIT ? initCalls : resultCalls).incrementAndGet();
        calls.add(new CallTime(call, System.nanoTime(), clock.instant()));
    }

    public void enter(Check check) {
        fees.add(check);
    }

    public void clear() {
        fees.clear();
        calls.clear();
        initCalls.set(0);
        resultCalls.set(0);
    }

    /**
     * When a call arrived, before anything about it was checked.
     *
     * @param nanos of {@link System#nanoTime()}, to measure rates whatever the clock is set to
     * @param at by the sandbox's clock
     */
    public record CallTime(Call call, long nanos, Instant at) {

        /** The vendor's two calls. */
        public enum Call {
            INIT,
            RESULT
        }
    }
}

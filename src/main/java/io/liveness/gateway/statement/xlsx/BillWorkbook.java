package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.reading.GuessMapping;
import io.liveness.gateway.statement.reading.Header;
import io.liveness.gateway.statement.reading.RawRow;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * A workbook whose bill is read row by row. It is held in memory, compressed, with the texts that its cells share, so one is open at a time
 * in a process.
 */
public final class BillWorkbook implements AutoCloseable {

    private static final Semaphore ONE_AT_A_TIME = new Semaphore(1);
    private static final Duration SOON = Duration.ofSeconds(5);

    /** Longer than two others take one after the other. */
    public static final Duration LONGEST_WAIT = Duration.ofMinutes(20);

    private final Place place;
    private final WorkbookParts parts;

    private BillWorkbook(Place place, WorkbookParts parts) {
        this.place = place;
        this.parts = parts;
    }

    /** The place of the one workbook that may be open. It is free again when it is closed, or the workbook that was opened with it. */
    public static final class Place implements AutoCloseable {

        private final AtomicBoolean taken = new AtomicBoolean(true);

        private Place() {}

        @Override
        public void close() {
            if (taken.getAndSet(false)) {
                ONE_AT_A_TIME.release();
            }
        }
    }

    /**
     * Waits for the place. Before a transaction is begun, which would wait too.
     *
     * @throws ProblemException {@code busy}, when another workbook is open longer than {@code wait}
     */
    public static Place place(Duration wait) {
        boolean taken = false;
        try {
            taken = ONE_AT_A_TIME.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!taken) {
            throw new ProblemException(
                            ProblemCode.BUSY,
                            "Another workbook is being read; send the file again after Retry-After seconds.")
                    .retryAfter(SOON);
        }
        return new Place();
    }

    /**
     * Opens a file.
     *
     * @param length in bytes
     * @param mostInflated limit of the inflated bytes of all parts
     * @throws ProblemException when it is not a readable workbook; the place is free again then
     */
    public static BillWorkbook open(Place place, InputStream file, long length, long mostInflated) {
        return open(place, file, length, Limits.ofThisHeap(mostInflated));
    }

    static BillWorkbook open(Place place, InputStream file, long length, Limits limits) {
        boolean opened = false;
        try {
            if (length > Limits.mostCompressed()) {
                throw tooLarge();
            }
            BillWorkbook book = new BillWorkbook(place, WorkbookParts.of(file.readAllBytes(), limits));
            opened = true;
            return book;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!opened) {
                place.close();
            }
        }
    }

    /** In bytes, of a file as it is sent. */
    public static int mostCompressed() {
        return Limits.mostCompressed();
    }

    /** Of a file of more than {@link #mostCompressed}. */
    public static ProblemException tooLarge() {
        return Damage.of("is a workbook of more than " + Limits.mostCompressed()
                + " bytes; send it as CSV, or in parts of a shorter period");
    }

    /**
     * The rows of the first visible sheet that has the header of the mapping, or of the first visible sheet when none has it, each row
     * once. They throw a {@link ProblemException} where the file is damaged.
     *
     * @param mapping its columns and form of dates
     */
    public Iterator<RawRow> rows(Mapping mapping) {
        for (int sheet = 0; parts.sheets() > 1 && sheet < parts.sheets(); sheet++) {
            if (Header.isIn(parts.rows(sheet, mapping), mapping)) {
                return parts.rows(sheet, mapping);
            }
        }
        return parts.rows(0, mapping);
    }

    /** The mapping that the first visible sheet with one seems to have, see {@link GuessMapping#in}. */
    public Optional<Mapping> guess(Mapping base) {
        return IntStream.range(0, parts.sheets())
                .boxed()
                .flatMap(sheet -> GuessMapping.in(parts.rows(sheet, base), base).stream())
                .findFirst();
    }

    @Override
    public void close() {
        try {
            parts.close();
        } finally {
            place.close();
        }
    }
}

package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.export.XlsxText;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.statement.mapping.Mapping;
import io.liveness.gateway.statement.reading.GuessMapping;
import io.liveness.gateway.statement.reading.Header;
import io.liveness.gateway.statement.reading.RawRow;
import io.liveness.gateway.statement.reading.Why;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A workbook whose bill is read row by row. It is held in memory, compressed, with the texts that its cells share, so one is open at a time
 * in a process.
 */
public final class BillWorkbook implements AutoCloseable {

    private static final Semaphore ONE_AT_A_TIME = new Semaphore(1);
    private static final Duration SOON = Duration.ofSeconds(5);
    /** A bill is not behind more covers. */
    private static final int MOST_SHEETS = 20;

    private static final int MAX_ROWS = 1_048_576;
    private static final int MAX_CELLS = 256;
    private static final int MAX_ROW = 64 * 1024;
    private static final int LETTERS = 26;

    /** Longer than two others may take one after the other. */
    public static final Duration LONGEST_WAIT = Limits.LONGEST.multipliedBy(2);

    /** Of the relation of a sheet to its part: the strict form of ISO/IEC 29500 has another one than the transitional form. */
    private static final List<String> RELATIONS = List.of(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships");

    private static final int MOST_SHARED = 4_000_000;
    /** Of a String and its array, in bytes, with their place in a list. */
    private static final int OF_A_STRING = 48;

    private static final int LATIN = 0x100;

    /** A relation of a part to another one. */
    private record Relation(String type, String part) {
        boolean is(String kind) {
            return type.endsWith("/" + kind);
        }
    }

    private final Limits limits;
    private final Parts parts;
    /** The parts of those sheets that can be seen. */
    private final List<String> sheets = new ArrayList<>();
    /** The texts that cells share. */
    private final List<String> shared = new ArrayList<>();

    private BitSet dates = new BitSet();
    private boolean from1904;
    private final List<Xml> open = new ArrayList<>();

    private BillWorkbook(byte[] file, Limits limits) {
        this.limits = limits;
        this.parts = new Parts(file, limits);
    }

    /** Reads all but the sheets. */
    private void begin() {
        String book = relations("").values().stream()
                .filter(relation -> relation.is("officeDocument"))
                .map(Relation::part)
                .findFirst()
                .orElse("xl/workbook.xml");
        Map<String, Relation> relations = relations(book);
        boolean isWorkbook = read(book, xml -> book(xml, relations)).orElse(false);
        if (!isWorkbook) {
            throw Parts.unreadable("is a ZIP file without a workbook, not XLSX");
        }
        if (sheets.isEmpty()) {
            throw Parts.unreadable("is a workbook without a visible sheet");
        }
        for (Relation relation : relations.values()) {
            if (relation.is("sharedStrings")) {
                read(relation.part(), this::shared);
            } else if (relation.is("styles")) {
                read(relation.part(), CellText::dates).ifPresent(read -> dates = read);
            }
        }
    }

    /** Empty when there is no part of that name. */
    private <T> Optional<T> read(String part, Function<Xml, T> reading) {
        return parts.open(part).map(xml -> {
            try (xml) {
                return reading.apply(xml);
            }
        });
    }

    /** The relations of a part, or of the whole file, by their ids. */
    private Map<String, Relation> relations(String part) {
        String folder = part.substring(0, part.lastIndexOf('/') + 1);
        Map<String, Relation> relations = new LinkedHashMap<>();
        read(folder + "_rels/" + part.substring(folder.length()) + ".rels", xml -> {
            while (xml.next()) {
                if (xml.begins("Relationship")) {
                    xml.keep();
                    String target = String.valueOf(xml.attribute("Target"));
                    relations.put(
                            xml.attribute("Id"),
                            new Relation(
                                    String.valueOf(xml.attribute("Type")),
                                    target.startsWith("/") ? target.substring(1) : folder + target));
                }
            }
            return relations;
        });
        return relations;
    }

    /** @return whether it is one */
    private boolean book(Xml xml, Map<String, Relation> relations) {
        boolean isWorkbook = false;
        while (xml.next()) {
            if (xml.begins("workbook")) {
                isWorkbook = true;
            } else if (xml.begins("workbookPr")) {
                from1904 = List.of("1", "true").contains(String.valueOf(xml.attribute("date1904")));
            } else if (xml.begins("sheet") && sheets.size() < MOST_SHEETS) {
                sheet(xml, relations);
            }
        }
        return isWorkbook;
    }

    /** A sheet that is a chart has no rows. */
    private void sheet(Xml xml, Map<String, Relation> relations) {
        boolean isHidden = List.of("hidden", "veryHidden").contains(String.valueOf(xml.attribute("state")));
        RELATIONS.stream()
                .map(namespace -> relations.get(xml.attribute(namespace, "id")))
                .filter(relation ->
                        !isHidden && relation != null && relation.is("worksheet") && parts.has(relation.part()))
                .findFirst()
                .ifPresent(relation -> sheets.add(relation.part()));
    }

    /** @return how many there are */
    private int shared(Xml xml) {
        long bytes = 0;
        while (xml.next()) {
            if (xml.begins("si")) {
                String text = CellText.runs(xml, "si");
                shared.add(XlsxText.read(text));
                bytes += OF_A_STRING + (long) text.length() * (text.chars().allMatch(c -> c < LATIN) ? 1 : 2);
                if (shared.size() > MOST_SHARED || bytes > limits.mostShared()) {
                    throw xml.refused("has more than " + MOST_SHARED + " texts or " + limits.mostShared()
                            + " bytes of texts; save it as CSV, or in parts of a shorter period");
                }
            }
        }
        return shared.size();
    }

    /** The place of the one workbook that may be open, for whoever opens it. It may be closed twice. */
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
     * Opens a file. Its reader has the {@link Place}.
     *
     * @param length in bytes
     * @param mostInflated limit of the inflated bytes of all parts
     * @throws ProblemException when it is not a readable workbook
     */
    public static BillWorkbook open(InputStream file, long length, long mostInflated) {
        return open(file, length, Limits.ofThisHeap(mostInflated));
    }

    static BillWorkbook open(InputStream file, long length, Limits limits) {
        limits.begin();
        if (length > Limits.mostCompressed()) {
            throw tooLarge();
        }
        try {
            BillWorkbook book = new BillWorkbook(file.readAllBytes(), limits);
            book.begin();
            return book;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NumberFormatException e) {
            throw Parts.unreadable("is not readable as XLSX");
        }
    }

    /** In bytes, of a file as it is sent. */
    public static int mostCompressed() {
        return Limits.mostCompressed();
    }

    /** Of a file of more than {@link #mostCompressed}. */
    public static ProblemException tooLarge() {
        return Parts.unreadable("is a workbook of more than " + Limits.mostCompressed()
                + " bytes; send it as CSV, or in parts of a shorter period");
    }

    /**
     * The rows of the first visible sheet that has the header of the mapping, or of the first visible sheet when none has it, each row
     * once. They throw a {@link ProblemException} where the file is damaged.
     *
     * @param mapping its columns
     */
    public Iterator<RawRow> rows(Mapping mapping) {
        String bill = sheets.size() == 1
                ? sheets.get(0)
                : sheets.stream()
                        .filter(sheet -> Header.isIn(new Rows(sheet), mapping))
                        .findFirst()
                        .orElse(sheets.get(0));
        return new Rows(bill);
    }

    /** The mapping that the first visible sheet with one seems to have, see {@link GuessMapping#in}. */
    public Optional<Mapping> guess(Mapping base) {
        return sheets.stream()
                .flatMap(sheet -> GuessMapping.in(new Rows(sheet), base).stream())
                .findFirst();
    }

    @Override
    public void close() {
        try {
            open.forEach(Xml::close);
            parts.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of a sheet that are not empty, under the limits of a CSV file's rows. */
    private final class Rows implements Iterator<RawRow> {

        private final CellText text = new CellText(shared, dates, from1904);
        private final Xml xml;
        private int line;
        private RawRow next;

        Rows(String sheet) {
            this.xml = parts.open(sheet).orElseThrow();
            open.add(xml);
        }

        /** Reads the part to its end, where its checksum is. */
        @Override
        public boolean hasNext() {
            try {
                while (next == null && xml.next()) {
                    next = xml.begins("row") ? row() : null;
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException unreadable) {
                // What is well-formed and means nothing.
                throw ProblemException.invalid(
                        "line " + Math.max(1, line), "workbook-unreadable", "is not readable as XLSX from here on");
            }
            return next != null;
        }

        @Override
        public RawRow next() {
            hasNext();
            RawRow row = next;
            next = null;
            return row;
        }

        /** Null when it is empty. */
        private RawRow row() {
            String number = xml.attribute("r");
            line = number == null ? line + 1 : Math.max(Integer.parseInt(number), line + 1);
            List<String> cells = new ArrayList<>();
            Map<Integer, Why> broken = new HashMap<>();
            int column = -1;
            int length = 0;
            while (xml.next() && !xml.ends("row")) {
                if (!xml.begins("c")) {
                    continue;
                }
                String place = xml.attribute("r");
                column = place == null ? column + 1 : column(place);
                String content = text.of(xml);
                if (content.isBlank()) {
                    continue;
                }
                length += content.length();
                if (line > MAX_ROWS || column >= MAX_CELLS || length > MAX_ROW) {
                    throw ProblemException.invalid(
                            "line " + line,
                            "has more than " + MAX_CELLS + " cells or " + MAX_ROW + " characters, or is behind line "
                                    + MAX_ROWS);
                }
                while (cells.size() <= column) {
                    cells.add("");
                }
                cells.set(column, content);
                if (text.broken() != null) {
                    broken.put(column, text.broken());
                }
            }
            return cells.isEmpty() ? null : new RawRow(line, Collections.unmodifiableList(cells), broken);
        }

        /** Of {@code B12} 1: counted from 0. */
        private int column(String place) {
            int column = 0;
            int at = 0;
            while (at < place.length() && at < 3 && place.charAt(at) >= 'A' && place.charAt(at) <= 'Z') {
                column = column * LETTERS + place.charAt(at++) - 'A' + 1;
            }
            if (column == 0 || at == place.length() || place.charAt(at) < '0' || place.charAt(at) > '9') {
                throw xml.refused("has a cell whose place is none");
            }
            return column - 1;
        }
    }
}

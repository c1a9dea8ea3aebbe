package io.liveness.gateway.bill.read;

import io.liveness.gateway.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * A workbook from outside, looked through before a library reads it, for what would cost that memory or time without end. The library gets
 * a ZIP file that is written here with the parts that were looked through, and nothing else of the file.
 */
final class GuardedWorkbook {

    private static final int MOST_PARTS = 1_000;
    private static final int MOST_DIRECTORY = 1024 * 1024;

    /** What the directory has of each part begins with it (PKWARE's APPNOTE, 4.3.12), and has the lengths of three texts. */
    private static final int ENTRY = 0x02014b50;

    private static final int ENTRY_SIZE = 46;
    private static final List<Integer> LENGTHS = List.of(28, 30, 32);

    /** Where spreadsheets have the parts that the library asks for: in both folders, or without one. */
    private static final Pattern LOOKED_THROUGH = Pattern.compile("(xl/)?(worksheets/|_rels/)?[^/]+\\.(xml|rels)");

    private static final String STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";

    private static final String WORKSHEET = "/worksheet";

    /**
     * The namespace of the relation of a sheet to its part, by which alone the strict form of ISO/IEC 29500 differs
     * here from the transitional one.
     */
    private static final String STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships";

    private static final String TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    /** Bytes at most of the part with the names of sheets in the strict form: it is written anew as a whole. */
    private static final int LONGEST_STRICT = 1024 * 1024;

    private static final int MAX_COLUMNS = 16_384;
    private static final int LETTERS = 26;
    /** The library has a place for each column up to the last one that a row has. */
    private static final long MOST_PLACES = 100_000_000;

    private static final int LONGEST_NUMBER = 400;
    private static final int LONGEST_FORMULA = 8_192;
    /** Characters of formulas that cells have from another one: the library writes each of them out. */
    private static final long MOST_COPIED = 1_000_000_000;
    /** The library looks for each cell through all of them. */
    private static final int MOST_ARRAYS = 100;

    /** Characters of what the library keeps beside the texts that cells share: sheets, styles, and formulas that other cells have too. */
    private static final long MOST_KEPT = 16_000_000;

    private static final Set<String> KEPT = Set.of("sheet", "Relationship", "numFmt", "xf");
    private static final int MOST_SHARED = 4_000_000;
    /** Bytes that a text takes beside its characters: the String, its array and its place in a list. */
    private static final int OF_A_STRING = 48;

    private static final int LATIN = 0x100;

    /** What one workbook may take of the process. */
    static final class Limits {

        /** The longest time from a workbook's opening to the last row that is read. */
        static final Duration LONGEST = Duration.ofMinutes(10);

        /** Bytes of all parts that are read, together. */
        private static final long MOST_INFLATED = 1024 * 1024 * 1024;

        private static final long MOST_COMPRESSED = 32 * 1024 * 1024;
        /**
         * A compressed file may have a sixth of the heap: it is held up to three times for a moment, and once while it is
         * read.
         */
        private static final int COMPRESSED_SHARE = 6;

        /** Percent of the heap for the texts that cells share, which alone are held while a workbook is read. */
        private static final int SHARED_PERCENT = 40;

        /** Sheets of real bills are compressed to a tenth or a thirtieth. */
        private static final int MOST_TIMES = 200;
        /** Bytes up to which a part may be compressed at any ratio. */
        private static final long SMALL = 1024 * 1024;

        private final long mostInflated;
        private final long mostShared;
        private long begun;
        private long inflated;

        /** @param mostShared bytes of heap for the texts that cells share */
        Limits(long mostInflated, long mostShared) {
            this.mostInflated = mostInflated;
            this.mostShared = mostShared;
        }

        static Limits ofThisHeap() {
            return new Limits(MOST_INFLATED, Runtime.getRuntime().maxMemory() / 100 * SHARED_PERCENT);
        }

        /** The workbook's time is counted from here on. */
        void begin() {
            begun = System.nanoTime();
        }

        /** The bytes of the largest file as it is sent. */
        static int mostCompressed() {
            return (int) Math.min(MOST_COMPRESSED, Runtime.getRuntime().maxMemory() / COMPRESSED_SHARE);
        }

        long mostShared() {
            return mostShared;
        }

        /**
         * Counts bytes of a part.
         *
         * @param added since the last time
         * @param ofPart bytes of the part by now
         * @param compressed the compressed size of the part
         */
        void inflated(String part, int added, long ofPart, long compressed) {
            inflated += added;
            if (inflated > mostInflated) {
                throw unreadable(
                        "inflates to more than " + mostInflated + " bytes; send it in parts of a shorter period");
            }
            if (ofPart > SMALL && ofPart / MOST_TIMES > compressed) {
                throw Xml.damaged(part, "is a ZIP bomb: it inflates to more than " + MOST_TIMES + " times its size");
            }
        }

        void requireTime() {
            if (System.nanoTime() - begun > LONGEST.toNanos()) {
                throw unreadable("takes more than " + LONGEST.toMinutes()
                        + " minutes to read; save it as CSV, or in parts of a shorter period");
            }
        }
    }

    private final Limits limits;
    private final Written written;
    private boolean isWorkbook;
    private boolean hasStyles;
    /** The file names of the sheets' parts, by the ids of their relations. */
    private final Map<String, String> sheets = new HashMap<>();
    /** File names of parts. */
    private final Set<String> uncalculated = new HashSet<>();

    private int strings;
    private long stringBytes;
    private long lastString = -1;
    private long kept;
    private long places;
    private long copied;
    private int arrays;

    /** Looks through the file, and writes what the library may see. */
    GuardedWorkbook(byte[] file, Limits limits) {
        this.limits = limits;
        this.written = new Written(file.length);
        requireSmallDirectory(file);
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(file))
                .setIgnoreLocalFileHeader(true)
                .get()) {
            for (ZipArchiveEntry part : Collections.list(zip.getEntries())) {
                look(zip, part, part.getName().toLowerCase(Locale.ROOT));
            }
            written.out.finish();
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable("is not readable as XLSX: the directory of the ZIP file is damaged");
        }
        if (!isWorkbook) {
            throw unreadable("is a ZIP file without a workbook, not XLSX");
        }
        if (lastString >= strings) {
            throw unreadable("has a cell whose text is not in the file");
        }
    }

    /** The refusal of a file that is of no use as a workbook. */
    static ProblemException unreadable(String why) {
        return ProblemException.invalid("body", "workbook-unreadable", why);
    }

    /** The library reads the stream once. */
    InputStream zip() {
        return written.whole();
    }

    /** The library wants them when it is to know what a date is. */
    boolean hasStyles() {
        return hasStyles;
    }

    /** The ids of the sheets in which formulas that were never worked out have an empty value in place of none. */
    Set<String> uncalculated() {
        return sheets.entrySet().stream()
                .filter(sheet -> uncalculated.contains(sheet.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /**
     * The file name of a part, without its folder and in lower case: the library asks for a part in letters of either
     * case.
     */
    private static String fileName(String part) {
        return part.substring(part.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    /** The directory is held in memory as a whole. Wherever it is in the file, each of its entries is found. */
    private static void requireSmallDirectory(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int parts = 0;
        long size = 0;
        for (int at = 0; at <= file.length - ENTRY_SIZE; at++) {
            if (bytes.getInt(at) == ENTRY) {
                parts++;
                size += ENTRY_SIZE;
                for (int length : LENGTHS) {
                    size += Short.toUnsignedInt(bytes.getShort(at + length));
                }
            }
        }
        if (parts == 0) {
            throw unreadable("is an incomplete XLSX file");
        }
        if (parts > MOST_PARTS || size > MOST_DIRECTORY) {
            throw unreadable("has " + parts + " parts in a directory of " + size + " bytes; a workbook has at most "
                    + MOST_PARTS + " in " + MOST_DIRECTORY + " bytes");
        }
    }

    private void look(ZipFile zip, ZipArchiveEntry part, String name) throws IOException {
        if (name.endsWith("vbaproject.bin") || name.startsWith("xl/macrosheets/")) {
            throw unreadable("has macros, which are not accepted; save it as XLSX without macros");
        }
        if (name.equals("xl/workbook.bin")) {
            throw unreadable("is a binary workbook (XLSB); save it as XLSX or CSV");
        }
        if (!LOOKED_THROUGH.matcher(name).matches()) {
            return;
        }
        boolean isKnown = part.getMethod() == ZipArchiveEntry.STORED || part.getMethod() == ZipArchiveEntry.DEFLATED;
        if (part.getGeneralPurposeBit().usesEncryption() || !isKnown) {
            throw unreadable("is encrypted, or compressed by an unknown method; save it without a password");
        }
        try (Xml xml = new Xml(part, zip.getInputStream(part), limits)) {
            Look look = new Look(xml);
            look.throughAll();
            if (look.uncalculatedHere) {
                uncalculated.add(fileName(name));
            }
            if (look.isoDates) {
                try (InputStream in = zip.getInputStream(part)) {
                    written.putWithIsoDatesAsErrors(part.getName(), in);
                }
            } else if (look.strict) {
                if (xml.length() > LONGEST_STRICT) {
                    throw xml.refused("has more than " + LONGEST_STRICT
                            + " bytes in the strict form of the standard; save it as an ordinary XLSX file");
                }
                try (InputStream in = zip.getInputStream(part)) {
                    written.putAsTransitional(part.getName(), in);
                }
            } else {
                try (InputStream raw = zip.getRawInputStream(part)) {
                    written.copy(part, xml.length(), raw);
                }
            }
        }
    }

    /** A look through a part. Cells are looked at wherever they are, as the library does. */
    private final class Look {

        private final Xml xml;
        /** Lengths of those that other cells have too, by their numbers. */
        private final Map<Integer, Integer> formulas = new HashMap<>();

        private boolean isoDates;
        private boolean strict;
        private boolean uncalculatedHere;
        private int column;
        private int last;

        Look(Xml xml) {
            this.xml = xml;
        }

        void throughAll() {
            while (next()) {
                if (xml.begins("c")) {
                    cell();
                } else if (xml.begins("si")) {
                    sharedText();
                } else if (xml.ends("row")) {
                    column = 0;
                    last = 0;
                } else if (xml.begins("workbook")) {
                    isWorkbook = true;
                } else if (xml.begins("sheet")) {
                    strict |= xml.attribute(STRICT, "id") != null;
                } else if (xml.begins("Relationship")) {
                    relation(xml.attribute("Id"), xml.attribute("Type"), xml.attribute("Target"));
                } else if (xml.begins("Override")) {
                    hasStyles |= STYLES.equals(xml.attribute("ContentType"));
                }
            }
        }

        private void relation(String id, String type, String target) {
            if (type != null && type.endsWith(WORKSHEET) && target != null) {
                sheets.put(id, fileName(target));
            }
        }

        private boolean next() {
            boolean more = xml.next();
            if (more && xml.begins() && KEPT.contains(xml.name())) {
                keep(xml.lengthOfAttributes());
            }
            return more;
        }

        /** The library would take these for cells and texts that were not looked at. */
        private void requireNoOther() {
            if (xml.begins("c") || xml.begins("row") || xml.begins("si")) {
                throw xml.refused("has <" + xml.name() + "> in a cell or in a text, where no spreadsheet writes it");
            }
        }

        private void keep(int length) {
            kept += OF_A_STRING + length;
            if (kept > MOST_KEPT) {
                throw xml.refused(
                        "has more sheets, styles or formulas than a bill; save it with values alone, or as CSV");
            }
        }

        private void sharedText() {
            int length = 0;
            int wide = 1;
            while (next() && !xml.ends("si")) {
                requireNoOther();
                if (xml.isText()) {
                    String text = xml.text();
                    length += text.length();
                    wide = wide == 1 && text.chars().allMatch(c -> c < LATIN) ? 1 : 2;
                    xml.requireShort(length);
                }
            }
            strings++;
            stringBytes += OF_A_STRING + (long) length * wide;
            if (strings > MOST_SHARED || stringBytes > limits.mostShared()) {
                throw xml.refused("has more than " + MOST_SHARED + " texts or " + limits.mostShared()
                        + " bytes of texts; save it as CSV, or in parts of a shorter period");
            }
        }

        private void cell() {
            String place = xml.attribute("r");
            column = place == null ? column + 1 : column(place);
            places += Math.max(0, column - last);
            last = Math.max(last, column);
            if (column > MAX_COLUMNS || places > MOST_PLACES) {
                throw xml.refused("has cells in columns that no bill has; remove their formats, or save it as CSV");
            }
            String type = xml.attribute("t") == null ? "n" : xml.attribute("t");
            isoDates |= type.equals("d");
            boolean formula = false;
            String value = null;
            int length = 0;
            while (next() && !xml.ends("c")) {
                requireNoOther();
                if (xml.begins("v")) {
                    value = xml.text("v");
                    require(type, value);
                } else if (xml.begins("f")) {
                    formula = true;
                    formula();
                } else if (xml.isText()) {
                    length += xml.text().length();
                    xml.requireShort(length);
                }
            }
            uncalculatedHere |= formula && type.equals("n") && "".equals(value);
        }

        /** The number of a cell's column: 2 for {@code B12}. */
        private int column(String place) {
            int column = 0;
            int at = 0;
            while (at < place.length() && at < 3 && place.charAt(at) >= 'A' && place.charAt(at) <= 'Z') {
                column = column * LETTERS + place.charAt(at++) - 'A' + 1;
            }
            if (column == 0 || at == place.length() || place.charAt(at) < '0' || place.charAt(at) > '9') {
                throw xml.refused("has a cell whose place is none");
            }
            return column;
        }

        private void require(String type, String value) {
            if (type.equals("s") && !value.isEmpty()) {
                lastString = Math.max(lastString, index(value));
            }
            if (type.equals("n") && value.length() > LONGEST_NUMBER) {
                throw xml.refused("has a number of more than " + LONGEST_NUMBER + " characters");
            }
        }

        private static int index(String value) {
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                return Integer.MAX_VALUE;
            }
        }

        private void formula() {
            String type = xml.attribute("t");
            boolean isFirst = xml.attribute("ref") != null;
            boolean isShared = "shared".equals(type);
            int shared = index(xml.attribute("si"));
            int length = xml.text("f").length();
            if (isFirst) {
                keep(length);
                arrays += "array".equals(type) ? 1 : 0;
            }
            if (isShared && isFirst) {
                formulas.put(shared, length);
            } else if (isShared) {
                copied += formulas.getOrDefault(shared, 0);
            }
            if (length > LONGEST_FORMULA || copied > MOST_COPIED || arrays > MOST_ARRAYS) {
                throw xml.refused(
                        "has a formula that is too long, or repeated too often; save it with values in place of formulas");
            }
        }
    }

    /** The ZIP file for the library. */
    private static final class Written extends ByteArrayOutputStream {

        private final ZipArchiveOutputStream out = new ZipArchiveOutputStream(this);

        Written(int size) {
            super(size);
        }

        /** The part is copied without inflating it. */
        void copy(ZipArchiveEntry part, long inflated, InputStream raw) throws IOException {
            ZipArchiveEntry entry = new ZipArchiveEntry(part.getName());
            entry.setMethod(part.getMethod());
            entry.setCrc(part.getCrc());
            entry.setSize(inflated);
            entry.setCompressedSize(part.getCompressedSize());
            out.addRawArchiveEntry(entry, raw);
        }

        /** Dates in ISO 8601, cells of the type {@code d}, are unknown to the library: it gets them as errors, whose texts it keeps. */
        void putWithIsoDatesAsErrors(String name, InputStream sheet) throws IOException {
            out.putArchiveEntry(new ZipArchiveEntry(name));
            byte[] bytes = new byte[64 * 1024];
            byte[] type = {' ', 't', '=', '"', 'd'};
            int matched = 0;
            boolean inTag = false;
            int length;
            while ((length = sheet.read(bytes)) > 0) {
                for (int i = 0; i < length; i++) {
                    byte next = bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t' ? (byte) ' ' : bytes[i];
                    inTag = next == '<' || inTag && next != '>';
                    matched = inTag && next == type[matched] ? matched + 1 : next == ' ' ? 1 : 0;
                    if (matched == type.length) {
                        bytes[i] = 'e';
                        matched = 0;
                    }
                }
                out.write(bytes, 0, length);
            }
            out.closeArchiveEntry();
        }

        /** The encoding does not matter: the bytes of all other characters stay. */
        void putAsTransitional(String name, InputStream book) throws IOException {
            String text = new String(book.readAllBytes(), StandardCharsets.ISO_8859_1);
            out.putArchiveEntry(new ZipArchiveEntry(name));
            out.write(text.replace(STRICT, TRANSITIONAL).getBytes(StandardCharsets.ISO_8859_1));
            out.closeArchiveEntry();
        }

        InputStream whole() {
            return new ByteArrayInputStream(buf, 0, count);
        }
    }
}

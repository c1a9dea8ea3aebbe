package io.liveness.gateway.statement.xlsx;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * A workbook that comes from outside, looked through before a library reads it. The library gets a ZIP file that is written here: with the
 * compressed bytes of the sheets and the texts they share, each of which was looked through from its beginning to its end, and with a
 * directory, relations and styles of our own. Nothing else of the file reaches it.
 *
 * @param zip for the library, to be read once
 * @param sheets its sheets, in their order
 */
record GuardedWorkbook(InputStream zip, List<SheetCheck.Facts> sheets) {

    /** Beginning with the first one that can be seen. A bill is not behind more covers. */
    private static final int MOST_SHEETS = 20;

    private static final int MOST_PARTS = 1_000;
    private static final int MOST_DIRECTORY = 1024 * 1024;

    /** What the directory has of each part begins with it (PKWARE's APPNOTE, 4.3.12), and has the lengths of three texts. */
    private static final int ENTRY = 0x02014b50;

    private static final int ENTRY_SIZE = 46;
    private static final List<Integer> LENGTHS = List.of(28, 30, 32);

    /** Reads the file, and writes what the library may see. */
    static GuardedWorkbook of(byte[] file, Limits limits) {
        requireSmallDirectory(file);
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(file))
                .setIgnoreLocalFileHeader(true)
                .get()) {
            return new Guard(zip, limits, file.length).guarded();
        } catch (IOException | IllegalArgumentException e) {
            throw Damage.of("is not readable as XLSX: the directory of the ZIP file is damaged");
        }
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
            throw Damage.of("is an incomplete XLSX file");
        }
        if (parts > MOST_PARTS || size > MOST_DIRECTORY) {
            throw Damage.of("has " + parts + " parts in a directory of " + size + " bytes; a workbook has at most "
                    + MOST_PARTS + " in " + MOST_DIRECTORY + " bytes");
        }
    }

    /** One look through a file. */
    private static final class Guard {

        private static final String OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        private static final String TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
        private static final byte[] NO_ROWS = "<worksheet><sheetData/></worksheet>".getBytes(StandardCharsets.US_ASCII);

        private final ZipFile zip;
        private final Limits limits;
        /** By name in lower case: names in such files do not differ by case. */
        private final Map<String, ZipArchiveEntry> parts = new HashMap<>();

        private final Written written;
        private boolean from1904;

        /**
         * A relation.
         *
         * @param type the last part of its type, the same in both forms of the standard
         * @param target the name of the part
         */
        private record Relation(String type, String target) {}

        Guard(ZipFile zip, Limits limits, int size) {
            this.zip = zip;
            this.limits = limits;
            this.written = new Written(size);
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (parts.put(entry.getName().toLowerCase(Locale.ROOT), entry) != null) {
                    throw Damage.ofPart(entry.getName(), "occurs in it twice");
                }
            }
        }

        GuardedWorkbook guarded() throws IOException {
            String book = first(relations(""), "officeDocument")
                    .orElseThrow(() -> Damage.of("is a ZIP file without a workbook, not XLSX"));
            Map<String, Relation> relations = relations(book);
            if (first(relations, "vbaProject").isPresent()
                    || first(relations, "xlMacrosheet").isPresent()) {
                throw Damage.of("has macros, which are not accepted; save it as XLSX without macros");
            }
            if (book.endsWith(".bin")) {
                throw Damage.of("is a binary workbook (XLSB); save it as XLSX or CSV");
            }
            List<String> names = sheets(book, relations);
            DateStyles styles = new DateStyles();
            int strings = 0;
            Optional<ZipArchiveEntry> stylesPart = first(relations, "styles").flatMap(this::part);
            if (stylesPart.isPresent()) {
                try (Xml xml = open(stylesPart.get())) {
                    styles.read(xml);
                }
            }
            Optional<ZipArchiveEntry> stringsPart =
                    first(relations, "sharedStrings").flatMap(this::part);
            if (stringsPart.isPresent()) {
                try (Xml xml = open(stringsPart.get())) {
                    strings = SheetCheck.strings(xml, limits.mostShared());
                    copy(stringsPart.get(), xml.length(), "xl/strings.xml");
                }
            }
            List<SheetCheck.Facts> facts = new ArrayList<>();
            for (String name : names) {
                facts.add(sheet(name, strings, "xl/" + facts.size() + ".xml"));
            }
            written.put("xl/styles.xml", styles.part().getBytes(StandardCharsets.US_ASCII));
            directory(facts.size());
            return new GuardedWorkbook(written.whole(), facts);
        }

        private SheetCheck.Facts sheet(String name, int strings, String as) throws IOException {
            ZipArchiveEntry part = part(name).orElseThrow();
            try (Xml xml = open(part)) {
                SheetCheck.Facts facts = SheetCheck.sheet(xml, strings);
                if (!facts.hasRows()) {
                    written.put(as, NO_ROWS);
                } else if (facts.hasIsoDates()) {
                    try (InputStream in = zip.getInputStream(part)) {
                        written.putWithIsoDatesAsErrors(as, in);
                    }
                } else {
                    copy(part, xml.length(), as);
                }
                return facts;
            }
        }

        /** The visible sheets of the workbook, by the names of their parts. */
        private List<String> sheets(String book, Map<String, Relation> relations) {
            List<String> names = new ArrayList<>();
            try (Xml xml = open(part(book).orElseThrow(() -> Damage.ofPart(book, "is missing")))) {
                while (xml.next()) {
                    if (xml.begins("workbookPr")) {
                        from1904 = isTrue(xml.attribute("date1904"));
                    } else if (xml.begins("sheet") && !isHidden(xml.attribute("state"))) {
                        Optional.ofNullable(relations.get(xml.prefixedAttribute("id")))
                                .filter(relation -> relation.type().equals("worksheet"))
                                .map(Relation::target)
                                .ifPresent(names::add);
                    }
                }
            }
            if (names.isEmpty()) {
                throw Damage.of("is a workbook without a visible sheet");
            }
            List<String> read = names.subList(0, Math.min(names.size(), MOST_SHEETS));
            read.forEach(name -> part(name).orElseThrow(() -> Damage.ofPart(name, "is missing")));
            return read;
        }

        /** What the library finds its way by: the content types, the workbook and its relations. */
        private void directory(int sheets) throws IOException {
            StringBuilder book = new StringBuilder(
                    "<workbook xmlns:r=\"" + OFFICE + "\"><workbookPr date1904=\"" + from1904 + "\"/><sheets>");
            StringBuilder relations = new StringBuilder("<Relationships>");
            for (int i = 0; i < sheets; i++) {
                book.append("<sheet name=\"" + i + "\" sheetId=\"" + (i + 1) + "\" r:id=\"r" + i + "\"/>");
                relations.append("<Relationship Id=\"r" + i + "\" Target=\"" + i + ".xml\"/>");
            }
            written.put("xl/workbook.xml", ascii(book.append("</sheets></workbook>")));
            written.put("xl/_rels/workbook.xml.rels", ascii(relations.append("</Relationships>")));
            StringBuilder types = new StringBuilder("<Types>");
            Map.of("workbook", "sheet.main", "strings", "sharedStrings", "styles", "styles")
                    .forEach((part, type) -> types.append(
                            "<Override PartName=\"/xl/" + part + ".xml\" ContentType=\"" + TYPES + type + "+xml\"/>"));
            written.put("[Content_Types].xml", ascii(types.append("</Types>")));
        }

        /** What a part names as belonging to it (ECMA-376, part 2, clause 9.3), by id. */
        private Map<String, Relation> relations(String of) {
            int slash = of.lastIndexOf('/') + 1;
            String folder = of.substring(0, slash);
            Map<String, Relation> relations = new LinkedHashMap<>();
            Optional<ZipArchiveEntry> part = part(folder + "_rels/" + of.substring(slash) + ".rels");
            if (part.isEmpty()) {
                return relations;
            }
            try (Xml xml = open(part.get())) {
                while (xml.next()) {
                    if (xml.begins("Relationship")) {
                        String type = Optional.ofNullable(xml.attribute("Type")).orElse("");
                        String target =
                                Optional.ofNullable(xml.attribute("Target")).orElse("");
                        relations.put(
                                xml.attribute("Id"),
                                new Relation(
                                        type.substring(type.lastIndexOf('/') + 1),
                                        target.startsWith("/") ? target.substring(1) : folder + target));
                    }
                }
            }
            return relations;
        }

        private static Optional<String> first(Map<String, Relation> relations, String type) {
            return relations.values().stream()
                    .filter(relation -> relation.type().equals(type))
                    .map(Relation::target)
                    .findFirst();
        }

        private Optional<ZipArchiveEntry> part(String name) {
            return Optional.ofNullable(parts.get(name.toLowerCase(Locale.ROOT)));
        }

        private Xml open(ZipArchiveEntry entry) {
            if (entry.getGeneralPurposeBit().usesEncryption()) {
                throw Damage.of("is encrypted; save it without a password");
            }
            if (entry.getMethod() != ZipArchiveEntry.STORED && entry.getMethod() != ZipArchiveEntry.DEFLATED) {
                throw Damage.ofPart(entry.getName(), "is compressed by an unknown method");
            }
            try {
                return new Xml(entry, zip.getInputStream(entry), limits);
            } catch (IOException e) {
                throw Damage.ofPart(entry.getName(), "is damaged");
            }
        }

        private void copy(ZipArchiveEntry part, long inflated, String as) throws IOException {
            try (InputStream raw = zip.getRawInputStream(part)) {
                written.copy(part, inflated, as, raw);
            }
        }

        private static byte[] ascii(CharSequence text) {
            return text.toString().getBytes(StandardCharsets.US_ASCII);
        }

        private static boolean isHidden(String state) {
            return state != null && !state.equals("visible");
        }

        private static boolean isTrue(String flag) {
            return flag != null && (flag.equals("1") || flag.equals("true"));
        }
    }

    /** The ZIP file for the library. */
    private static final class Written extends ByteArrayOutputStream {

        private final ZipArchiveOutputStream out = new ZipArchiveOutputStream(this);

        Written(int size) {
            super(size);
        }

        void put(String name, byte[] content) throws IOException {
            out.putArchiveEntry(new ZipArchiveEntry(name));
            out.write(content);
            out.closeArchiveEntry();
        }

        /** Without inflating it. */
        void copy(ZipArchiveEntry part, long inflated, String name, InputStream raw) throws IOException {
            ZipArchiveEntry entry = new ZipArchiveEntry(name);
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

        InputStream whole() throws IOException {
            out.finish();
            return new ByteArrayInputStream(buf, 0, count);
        }
    }
}

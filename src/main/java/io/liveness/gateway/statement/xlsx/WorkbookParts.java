package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.statement.mapping.Mapping;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * What of a workbook is read: its visible sheets, the texts that their cells share, and which styles are dates. Each part is read under
 * {@link Limits}; no other part is.
 */
final class WorkbookParts implements AutoCloseable {

    /** Beginning with the first one that can be seen. A bill is not behind more covers. */
    private static final int MOST_SHEETS = 20;

    private static final int MOST_PARTS = 1_000;
    private static final int MOST_DIRECTORY = 1024 * 1024;

    /** What the directory has of each part begins with it (PKWARE's APPNOTE, 4.3.12), and has the lengths of three texts. */
    private static final int ENTRY = 0x02014b50;

    private static final int ENTRY_SIZE = 46;
    private static final List<Integer> LENGTHS = List.of(28, 30, 32);

    private static final String OPEN_DOCUMENT = "mimetype";

    private static final int MOST_SHARED = 4_000_000;
    /** Of a String and its array, in bytes, with their place in a list. */
    private static final int OF_A_STRING = 48;

    private static final int LATIN = 0x100;

    /**
     * A relation.
     *
     * @param type the last part of its type, the same in both forms of the standard
     * @param target the name of the part
     */
    private record Relation(String type, String target) {}

    private final ZipFile zip;
    private final Limits limits;
    /** By name in lower case: names in such files do not differ by case. */
    private final Map<String, ZipArchiveEntry> parts = new HashMap<>();

    private final List<ZipArchiveEntry> sheets = new ArrayList<>();
    private final List<String> shared = new ArrayList<>();
    private final DateStyles styles = new DateStyles();
    private final List<Xml> open = new ArrayList<>();
    private boolean from1904;

    private WorkbookParts(ZipFile zip, Limits limits) {
        this.zip = zip;
        this.limits = limits;
        for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
            if (parts.put(entry.getName().toLowerCase(Locale.ROOT), entry) != null) {
                throw Damage.ofPart(entry.getName(), "occurs in it twice");
            }
        }
    }

    /** Reads all but the sheets. */
    static WorkbookParts of(byte[] file, Limits limits) {
        requireSmallDirectory(file);
        try {
            // In memory: there is nothing to close.
            ZipFile zip = ZipFile.builder()
                    .setSeekableByteChannel(new SeekableInMemoryByteChannel(file))
                    .setIgnoreLocalFileHeader(true)
                    .get();
            WorkbookParts parts = new WorkbookParts(zip, limits);
            parts.read();
            return parts;
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

    private void read() {
        String book = first(relations(""), "officeDocument").orElseThrow(this::noWorkbook);
        Map<String, Relation> relations = relations(book);
        if (first(relations, "vbaProject").isPresent()
                || first(relations, "xlMacrosheet").isPresent()) {
            throw Damage.of("has macros, which are not accepted; save it as XLSX without macros");
        }
        if (book.endsWith(".bin")) {
            throw Damage.of("is a binary workbook (XLSB); save it as XLSX or CSV");
        }
        findSheets(book, relations);
        part(relations, "styles").ifPresent(part -> {
            try (Xml xml = open(part)) {
                styles.read(xml);
            }
        });
        part(relations, "sharedStrings").ifPresent(part -> {
            try (Xml xml = open(part)) {
                readShared(xml);
            }
        });
    }

    /** How many sheets are read. */
    int sheets() {
        return sheets.size();
    }

    /** The rows of a sheet, from its beginning. */
    SheetRows rows(int sheet, Mapping mapping) {
        Xml xml = open(sheets.get(sheet));
        open.add(xml);
        return new SheetRows(xml, shared, styles, new CellText(mapping, from1904));
    }

    @Override
    public void close() {
        open.forEach(Xml::close);
    }

    private RuntimeException noWorkbook() {
        Optional<ZipArchiveEntry> kind = part(OPEN_DOCUMENT);
        return Damage.of(
                kind.isPresent()
                        ? "is an OpenDocument file (ODS), not XLSX; open it in a spreadsheet and save it as XLSX or CSV"
                        : "is a ZIP file without a workbook, not XLSX");
    }

    /** The visible sheets of the workbook. */
    private void findSheets(String book, Map<String, Relation> relations) {
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
        for (String name : names.subList(0, Math.min(names.size(), MOST_SHEETS))) {
            sheets.add(part(name).orElseThrow(() -> Damage.ofPart(name, "is missing")));
        }
    }

    private void readShared(Xml xml) {
        long bytes = 0;
        while (xml.next()) {
            if (xml.begins("si")) {
                String text = xml.richText("si");
                shared.add(text);
                int wide = text.chars().allMatch(c -> c < LATIN) ? 1 : 2;
                bytes += OF_A_STRING + (long) text.length() * wide;
                if (shared.size() > MOST_SHARED || bytes > limits.mostShared()) {
                    throw xml.refused("has more than " + MOST_SHARED + " texts or " + limits.mostShared()
                            + " bytes of texts; save it as CSV, or in parts of a shorter period");
                }
            }
        }
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
                    String target = Optional.ofNullable(xml.attribute("Target")).orElse("");
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

    private Optional<ZipArchiveEntry> part(Map<String, Relation> relations, String type) {
        return first(relations, type).flatMap(this::part);
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
            return new Xml(entry, zip.getRawInputStream(entry), limits);
        } catch (IOException e) {
            throw Damage.ofPart(entry.getName(), "is damaged");
        }
    }

    private static boolean isHidden(String state) {
        return state != null && !state.equals("visible");
    }

    private static boolean isTrue(String flag) {
        return flag != null && (flag.equals("1") || flag.equals("true"));
    }
}

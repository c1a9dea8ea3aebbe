package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.export.XlsxText;
import io.liveness.gateway.statement.xlsx.ZipParts.Part;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What the sheets of a workbook have in common: where their parts are, which styles show dates, and the texts that cells share. */
final class Book {

    /** Beginning with the first one that can be seen. A bill is not behind more covers. */
    private static final int MOST_SHEETS = 20;

    /** Excel has 65,490. */
    private static final int MOST_STYLES = 65_536;

    private static final int MOST_TEXTS = 4_000_000;
    /** Of a String and its array, in bytes, with their place in a list. */
    private static final int OF_A_STRING = 48;

    private static final int LATIN = 0x100;

    /** What is not part of the form itself: text in quotes, escaped characters, fillers, colours and currencies; fractions of a second. */
    private static final Pattern PASSED_OVER =
            Pattern.compile("\"[^\"]*\"?|\\\\.|[_*].|\\[[^\\]]*\\]?|[sS]\\.0+|General", Pattern.DOTALL);

    private static final Pattern OF_TIME = Pattern.compile("[yYmMdDhHsS]");
    private static final Pattern OF_NUMBER = Pattern.compile("[0#?]");

    private final ZipParts zip;
    private final Limits limits;
    private final List<Part> sheets = new ArrayList<>();
    private final BitSet dates = new BitSet();
    private final List<String> texts = new ArrayList<>();
    private boolean from1904;

    /**
     * A relation.
     *
     * @param type the last part of its type, the same in both forms of the standard
     * @param target the name of the part
     */
    private record Relation(String type, String target) {}

    Book(byte[] file, Limits limits) {
        this.zip = new ZipParts(file);
        this.limits = limits;
        String book = first(relations(""), "officeDocument").orElseThrow(this::noWorkbook);
        Map<String, Relation> relations = relations(book);
        if (first(relations, "vbaProject").isPresent()
                || first(relations, "xlMacrosheet").isPresent()) {
            throw Damage.of("has macros, which are not accepted; save it as XLSX without macros");
        }
        if (book.endsWith(".bin")) {
            throw Damage.of("is a binary workbook (XLSB); save it as XLSX or CSV");
        }
        read(required(book), xml -> sheets(xml, relations));
        if (sheets.isEmpty()) {
            throw Damage.of("is a workbook without a visible sheet");
        }
        first(relations, "styles").flatMap(zip::part).ifPresent(part -> read(part, this::styles));
        first(relations, "sharedStrings").flatMap(zip::part).ifPresent(part -> read(part, this::texts));
    }

    private RuntimeException noWorkbook() {
        return Damage.of(
                zip.part("mimetype").isPresent()
                        ? "is an OpenDocument file (ODS), not XLSX; open it in a spreadsheet and save it as XLSX or CSV"
                        : "is a ZIP file without a workbook, not XLSX");
    }

    /** How many sheets can be seen. */
    int sheets() {
        return sheets.size();
    }

    Xml sheet(int number) {
        return open(sheets.get(number));
    }

    /** Whether a style shows numbers as dates. @param style of a cell; null when it has none */
    boolean isDate(String style) {
        return dates.get(style == null ? 0 : Xml.digits(style, 0));
    }

    /** The day with the number 0. Excel counts a 29 February 1900, so its first two months are a day off. */
    LocalDate firstDay() {
        return from1904 ? LocalDate.of(1904, 1, 1) : LocalDate.of(1899, 12, 30);
    }

    /** A text that cells share; empty when there is none of that number. */
    Optional<String> text(String number) {
        int index = Xml.digits(number, 0);
        boolean known = index < texts.size() && (index > 0 || number.equals("0"));
        return known ? Optional.of(texts.get(index)) : Optional.empty();
    }

    /** The visible sheets. */
    private void sheets(Xml xml, Map<String, Relation> relations) {
        while (xml.next()) {
            if (xml.begins("workbookPr")) {
                String flag = xml.attribute("date1904");
                from1904 = "1".equals(flag) || "true".equals(flag);
            } else if (xml.begins("sheet") && isVisible(xml.attribute("state")) && sheets.size() < MOST_SHEETS) {
                Relation relation = relations.get(xml.prefixedAttribute("id"));
                if (relation != null && relation.type().equals("worksheet")) {
                    sheets.add(required(relation.target()));
                }
            }
        }
    }

    private static boolean isVisible(String state) {
        return state == null || state.equals("visible");
    }

    private void styles(Xml xml) {
        BitSet formats = new BitSet();
        boolean ofCells = false;
        int count = 0;
        while (xml.next()) {
            if (xml.begins("numFmt")) {
                String code = xml.attribute("formatCode");
                formats.set(number(xml.attribute("numFmtId")), code != null && isDateFormat(code));
            } else if (xml.begins("cellXfs")) {
                ofCells = true;
            } else if (xml.ends("cellXfs")) {
                ofCells = false;
            } else if (ofCells && xml.begins("xf")) {
                int format = number(xml.attribute("numFmtId"));
                dates.set(count++, isBuiltIn(format) || formats.get(format));
                if (count > MOST_STYLES) {
                    throw xml.refused("has more than " + MOST_STYLES + " styles");
                }
            }
        }
    }

    /** Those that are not written down: ECMA-376, part 1, 18.8.30, with the forms of China, Japan and Korea. */
    private static boolean isBuiltIn(int format) {
        return format >= 14 && format <= 22
                || format >= 27 && format <= 36
                || format >= 45 && format <= 47
                || format >= 50 && format <= 58;
    }

    static boolean isDateFormat(String code) {
        String form = PASSED_OVER.matcher(code).replaceAll("").split(";", 2)[0];
        // In [h]:mm the hours are in brackets; the minutes are not.
        return OF_TIME.matcher(form).find() && !OF_NUMBER.matcher(form).find();
    }

    /** Nonsense counts as the first one, which is no date. */
    private static int number(String format) {
        int number = format == null ? 0 : Xml.digits(format, 0);
        return number < MOST_STYLES ? number : 0;
    }

    private void texts(Xml xml) {
        long bytes = 0;
        while (xml.next()) {
            if (xml.begins("si")) {
                String text = XlsxText.read(xml.richText("si"));
                texts.add(text);
                bytes += OF_A_STRING + (long) text.length() * (text.chars().allMatch(c -> c < LATIN) ? 1 : 2);
                if (texts.size() > MOST_TEXTS || bytes > limits.mostShared()) {
                    throw xml.refused("has more than " + MOST_TEXTS + " texts or " + limits.mostShared()
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
        zip.part(folder + "_rels/" + of.substring(slash) + ".rels")
                .ifPresent(part -> read(part, xml -> {
                    while (xml.next()) {
                        if (xml.begins("Relationship")) {
                            String type =
                                    Optional.ofNullable(xml.attribute("Type")).orElse("");
                            String target =
                                    Optional.ofNullable(xml.attribute("Target")).orElse("");
                            relations.put(
                                    xml.attribute("Id"),
                                    new Relation(
                                            type.substring(type.lastIndexOf('/') + 1),
                                            target.startsWith("/") ? target.substring(1) : folder + target));
                        }
                    }
                }));
        return relations;
    }

    private static Optional<String> first(Map<String, Relation> relations, String type) {
        return relations.values().stream()
                .filter(relation -> relation.type().equals(type))
                .map(Relation::target)
                .findFirst();
    }

    private Part required(String name) {
        return zip.part(name).orElseThrow(() -> Damage.ofPart(name, "is missing"));
    }

    private void read(Part part, Consumer<Xml> content) {
        try (Xml xml = open(part)) {
            content.accept(xml);
        }
    }

    private Xml open(Part part) {
        return new Xml(part, zip.inflated(part), limits);
    }
}

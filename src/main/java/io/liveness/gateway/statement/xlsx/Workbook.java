package io.liveness.gateway.statement.xlsx;

import java.util.Optional;

/**
 * What the reading of a workbook's first sheet needs.
 *
 * @param sheet the part of the first sheet that is not hidden
 * @param strings the part of the shared strings
 * @param from1904 whether days are counted from 1904 on, not from 1900
 */
record Workbook(String sheet, Optional<String> strings, Optional<String> styles, boolean from1904) {

    static Workbook of(ZipParts zip) {
        String book = Relations.of("", zip)
                .target("officeDocument")
                .orElseThrow(() -> Damage.of("is a ZIP file without a workbook, not XLSX"));
        Relations relations = Relations.of(book, zip);
        if (relations.has("vbaProject") || relations.has("xlMacrosheet")) {
            throw Damage.of("has macros, which are not accepted; save it as XLSX without macros");
        }
        if (book.endsWith(".bin")) {
            throw Damage.of("is a binary workbook (XLSB); save it as XLSX or CSV");
        }
        Xml xml = zip.xml(book).orElseThrow(() -> Damage.ofPart(book, "is missing"));
        try (xml) {
            return read(xml, relations, zip);
        }
    }

    private static Workbook read(Xml xml, Relations relations, ZipParts zip) {
        boolean from1904 = false;
        String sheet = null;
        while (xml.next()) {
            if (xml.begins("workbookPr")) {
                from1904 = isTrue(xml.attribute("date1904"));
            } else if (sheet == null && xml.begins("sheet") && !isHidden(xml.attribute("state"))) {
                sheet = Optional.ofNullable(xml.attribute("id"))
                        .flatMap(relations::byId)
                        .filter(relation -> relation.type().equals("worksheet"))
                        .map(Relations.Relation::target)
                        .orElse(null);
            }
        }
        if (sheet == null) {
            throw Damage.of("is a workbook without a visible sheet");
        }
        if (!zip.has(sheet)) {
            throw Damage.ofPart(sheet, "is missing");
        }
        return new Workbook(sheet, relations.target("sharedStrings"), relations.target("styles"), from1904);
    }

    private static boolean isHidden(String state) {
        return state != null && !state.equals("visible");
    }

    private static boolean isTrue(String flag) {
        return flag != null && (flag.equals("1") || flag.equals("true"));
    }
}

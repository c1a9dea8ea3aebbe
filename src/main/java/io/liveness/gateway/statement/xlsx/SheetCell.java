package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.export.XlsxText;

/** Reads a cell as the text that a CSV file has for it. */
final class SheetCell {

    private final Xml xml;
    private final CellTextReader text;
    private final SharedStrings strings;
    private final Styles styles;
    private final Numbers numbers;
    private String broken;

    SheetCell(Xml xml, SharedStrings strings, Styles styles, Numbers numbers) {
        this.xml = xml;
        this.text = new CellTextReader(xml);
        this.strings = strings;
        this.styles = styles;
        this.numbers = numbers;
    }

    /**
     * Reads to the end of the cell that begins here. A formula counts for the value that was last worked out for it.
     *
     * @return empty when there is nothing in it
     */
    String read(int line) {
        broken = null;
        String type = xml.attribute("t");
        String style = xml.attribute("s");
        String value = "";
        String formula = null;
        while (xml.next() && !xml.ends("c")) {
            if (xml.begins("v")) {
                value = text.plain("v");
            } else if (xml.begins("is")) {
                value = text.until("is");
            } else if (xml.begins("f")) {
                formula = text.plain("f");
            }
        }
        if (formula != null && value.isEmpty() && !"str".equals(type)) {
            broken = "is a formula whose value is not in the file; open it in a spreadsheet and save it";
            return "=" + formula;
        }
        return value.isEmpty() ? "" : text(type == null ? "n" : type, style, value, line);
    }

    /** Why the cell that was read last cannot be used; null when it can. */
    String broken() {
        return broken;
    }

    private String text(String type, String style, String value, int line) {
        return switch (type) {
            case "n" -> styles.isDate(style) ? numbers.time(value) : numbers.number(value);
            case "s" -> shared(value, line);
            case "str" -> XlsxText.read(value);
            case "inlineStr" -> value;
            case "b" -> value.equals("1") ? "TRUE" : "FALSE";
            case "d" -> numbers.isoTime(value);
            case "e" -> {
                broken = "is an error of a formula";
                yield value;
            }
            default -> throw Damage.ofRow(line, "has a cell of an unknown type");
        };
    }

    private String shared(String index, int line) {
        String shared = null;
        try {
            shared = strings.at(Integer.parseInt(index));
        } catch (NumberFormatException e) {
            // As one that is not there.
        }
        if (shared == null) {
            throw Damage.ofRow(line, "has a cell whose text is not in the file");
        }
        return shared;
    }
}

package io.liveness.gateway.statement.xlsx;

import io.liveness.gateway.platform.export.XlsxText;

/** Reads the text of an element: of a rich one the text of all its runs, without how it is pronounced. */
final class CellTextReader {

    /** As a row of a CSV file may have. */
    private static final int LONGEST = 64 * 1024;

    private final Xml xml;
    private final StringBuilder text = new StringBuilder();

    CellTextReader(Xml xml) {
        this.xml = xml;
    }

    /** Reads to the end of the element: of a shared string or one in its cell, what its {@code t} have. */
    String until(String element) {
        text.setLength(0);
        int spoken = 0;
        boolean inside = false;
        while (xml.next() && !xml.ends(element)) {
            if (xml.begins("rPh")) {
                spoken++;
            } else if (xml.ends("rPh")) {
                spoken--;
            } else if (xml.begins("t")) {
                inside = true;
            } else if (xml.ends("t")) {
                inside = false;
            } else if (inside && spoken == 0 && xml.isText()) {
                add();
            }
        }
        return XlsxText.read(text.toString());
    }

    /** Reads to the end of an element that has text alone. */
    String plain(String element) {
        text.setLength(0);
        while (xml.next() && !xml.ends(element)) {
            if (xml.isText()) {
                add();
            }
        }
        return text.toString();
    }

    private void add() {
        text.append(xml.text());
        if (text.length() > LONGEST) {
            throw Damage.ofPart(xml.part(), "has a text of more than " + LONGEST + " characters");
        }
    }
}

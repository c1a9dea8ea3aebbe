package io.liveness.gateway.bill.read;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import io.liveness.gateway.bill.read.GuardedWorkbook.Limits;
import java.io.CharConversionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * The elements of a part, one after the other, by their local names, from the parser that the library behind it uses: both see the same.
 * What would fill the memory of either is refused where it begins.
 */
final class Xml implements AutoCloseable {

    /** The longest text of a cell has 32,767 characters. */
    static final int LONGEST_TEXT = 64 * 1024;

    private static final int DEEPEST = 64;
    /** Namespaces with them: their prefixes are names of attributes. */
    private static final int MOST_NAMES = 1_000;
    /** Anything without markup in between, and any tag. */
    private static final int MOST_AT_ONCE = 1024 * 1024;

    private final WorkbookPart part;
    private final Limits limits;
    private final XMLStreamReader reader;
    private final Set<String> names = new HashSet<>();
    private int depth;
    private int event;
    private int events;

    Xml(ZipArchiveEntry entry, InputStream inflated, Limits limits) {
        this.part = new WorkbookPart(entry, inflated, limits);
        this.limits = limits;
        try {
            // One for each part: it keeps all names that it has seen.
            XMLInputFactory factory = new InputFactoryImpl();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            this.reader = factory.createXMLStreamReader(part);
        } catch (XMLStreamException e) {
            throw broken(e);
        }
    }

    /** Goes on; false at the end of the part, whose checksum was right. */
    boolean next() {
        if (++events % 10_000 == 0) {
            limits.requireTime();
        }
        try {
            if (!reader.hasNext()) {
                return false;
            }
            part.atOnce = MOST_AT_ONCE;
            event = reader.next();
        } catch (XMLStreamException e) {
            throw broken(e);
        } catch (IndexOutOfBoundsException e) {
            throw refused("is no XML"); // the parser, of bytes that are no XML
        }
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> begun();
            case XMLStreamConstants.END_ELEMENT -> depth--;
            case XMLStreamConstants.DTD -> throw refused("has a DOCTYPE, which no spreadsheet writes");
            case XMLStreamConstants.PROCESSING_INSTRUCTION ->
                throw refused("has a processing instruction, which no spreadsheet writes");
            case XMLStreamConstants.ENTITY_REFERENCE -> throw refused("is no XML");
            default -> {
                // Text is read on demand.
            }
        }
        return true;
    }

    boolean begins() {
        return event == XMLStreamConstants.START_ELEMENT;
    }

    boolean begins(String name) {
        return begins() && reader.getLocalName().equals(name);
    }

    boolean ends(String name) {
        return event == XMLStreamConstants.END_ELEMENT && reader.getLocalName().equals(name);
    }

    /** The local name of the element that begins or ends here. */
    String name() {
        return reader.getLocalName();
    }

    /**
     * The value of an attribute without a prefix, of the element that begins here; null when it has none of that name.
     */
    String attribute(String name) {
        return attribute(null, name);
    }

    /**
     * The value of an attribute in a namespace, of the element that begins here; null when it has none of that name.
     */
    String attribute(String namespace, String name) {
        return reader.getAttributeValue(namespace, name);
    }

    /** The characters of all values of the element that begins here. */
    int lengthOfAttributes() {
        int length = 0;
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            length += reader.getAttributeValue(i).length();
        }
        return length;
    }

    /** Reads to the end of an element that has text alone. */
    String text(String element) {
        StringBuilder text = new StringBuilder();
        while (next() && !ends(element)) {
            if (begins()) {
                throw refused("has elements in <" + element + ">, which no spreadsheet writes");
            }
            if (isText()) {
                text.append(text());
                requireShort(text.length());
            }
        }
        return text.toString();
    }

    boolean isText() {
        return event == XMLStreamConstants.CHARACTERS
                || event == XMLStreamConstants.CDATA
                || event == XMLStreamConstants.SPACE;
    }

    String text() {
        try {
            return reader.getText();
        } catch (RuntimeException e) {
            // The parser reads a text only now, and has to say so without a checked exception.
            if (e.getCause() instanceof XMLStreamException cause) {
                throw broken(cause);
            }
            throw e;
        }
    }

    void requireShort(int length) {
        if (length > LONGEST_TEXT) {
            throw refused("has a text of more than " + LONGEST_TEXT + " characters");
        }
    }

    RuntimeException refused(String why) {
        return damaged(part.name, why);
    }

    /** @param name of the damaged part; only its beginning is shown */
    static RuntimeException damaged(String name, String why) {
        String clean = name.replaceAll("[^ -~]", "?");
        return GuardedWorkbook.unreadable(
                "is not readable as XLSX: " + clean.substring(0, Math.min(100, clean.length())) + " " + why);
    }

    /** Inflated bytes by now. */
    long length() {
        return part.length;
    }

    private void begun() {
        depth++;
        if (depth > DEEPEST) {
            throw refused("has elements in more than " + DEEPEST + " others");
        }
        add(reader.getPrefix(), reader.getLocalName());
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            add(reader.getAttributePrefix(i), reader.getAttributeLocalName(i));
        }
        for (int i = 0; i < reader.getNamespaceCount(); i++) {
            add("xmlns", reader.getNamespacePrefix(i) + "=" + reader.getNamespaceURI(i));
        }
        if (names.size() > MOST_NAMES) {
            throw refused("has more than " + MOST_NAMES + " different names");
        }
    }

    private void add(String prefix, String name) {
        names.add(prefix == null || prefix.isEmpty() ? name : prefix + ":" + name);
    }

    private RuntimeException broken(XMLStreamException cause) {
        return cause.getCause() instanceof IOException io && !(io instanceof CharConversionException)
                ? refused("is damaged")
                : refused("is no XML");
    }

    @Override
    public void close() {
        try {
            part.close();
        } catch (IOException e) {
            throw refused("is damaged");
        }
    }

    /** The bytes of a part: counted, and compared with their checksum at the end. */
    private static final class WorkbookPart extends FilterInputStream {

        private final String name;
        private final ZipArchiveEntry entry;
        private final Limits limits;
        private final CRC32 crc = new CRC32();
        private long length;
        private int atOnce = MOST_AT_ONCE;

        WorkbookPart(ZipArchiveEntry entry, InputStream inflated, Limits limits) {
            super(inflated);
            this.name = entry.getName();
            this.entry = entry;
            this.limits = limits;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            int count = in.read(into, from, most);
            if (count < 0) {
                if (crc.getValue() != entry.getCrc()) {
                    throw damaged(name, "is damaged");
                }
                return count;
            }
            length += count;
            limits.inflated(name, count, length, entry.getCompressedSize());
            crc.update(into, from, count);
            atOnce -= count;
            if (atOnce < 0) {
                throw damaged(name, "has a text or a tag of more than " + MOST_AT_ONCE + " bytes");
            }
            return count;
        }
    }
}

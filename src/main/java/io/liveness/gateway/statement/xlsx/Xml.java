package io.liveness.gateway.statement.xlsx;

import com.fasterxml.aalto.stax.InputFactoryImpl;
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

/**
 * The elements of a part, one after the other, by their local names: the two forms of the standard differ in namespaces alone. What would
 * fill the memory of the parser is refused where it begins: a DOCTYPE, processing instructions, depth, many names, and much without markup
 * in between.
 */
final class Xml implements AutoCloseable {

    /** The longest text of a cell has 32,767 characters. */
    private static final int LONGEST_TEXT = 64 * 1024;

    private static final int DEEPEST = 64;
    /** Namespaces with them: their prefixes are names of attributes. */
    private static final int MOST_NAMES = 1_000;
    /** Anything without markup in between, and any tag. */
    private static final int MOST_AT_ONCE = 1024 * 1024;

    private final Content part;
    private final Limits limits;
    private final XMLStreamReader reader;
    private final Set<String> names = new HashSet<>();
    private int depth;
    private int event;
    private int events;

    Xml(ZipParts.Part part, InputStream inflated, Limits limits) {
        this.part = new Content(part, inflated, limits);
        this.limits = limits;
        try {
            // One for each part: it keeps all names that it has seen.
            XMLInputFactory factory = new InputFactoryImpl();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            this.reader = factory.createXMLStreamReader(this.part);
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

    /** Of the element that begins here, without a prefix; null when it has none of that name. */
    String attribute(String name) {
        return reader.getAttributeValue(null, name);
    }

    /** The same with any prefix. */
    String prefixedAttribute(String name) {
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            if (reader.getAttributeLocalName(i).equals(name)) {
                return reader.getAttributeValue(i);
            }
        }
        return null;
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

    /** Reads to the end of an element that has text in runs, each in a {@code t}; a phonetic guide is left out. */
    String richText(String element) {
        StringBuilder text = new StringBuilder();
        boolean guide = false;
        boolean run = false;
        while (next() && !ends(element)) {
            if (run && isText()) {
                text.append(text());
                requireShort(text.length());
            } else if (begins(element)) {
                throw refused("has elements in places where no spreadsheet writes them");
            } else if (begins()) {
                guide |= begins("rPh");
                run = begins("t") && !guide;
            } else if (ends("t")) {
                run = false;
            } else if (ends("rPh")) {
                guide = false;
            }
        }
        return text.toString();
    }

    private boolean isText() {
        return event == XMLStreamConstants.CHARACTERS
                || event == XMLStreamConstants.CDATA
                || event == XMLStreamConstants.SPACE;
    }

    private String text() {
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

    private void requireShort(int length) {
        if (length > LONGEST_TEXT) {
            throw refused("has a text of more than " + LONGEST_TEXT + " characters");
        }
    }

    /** The number that a text ends with; 0 when that is none of at most seven digits. */
    static int digits(String text, int from) {
        int number = 0;
        for (int at = from; at < text.length(); at++) {
            char digit = text.charAt(at);
            if (digit < '0' || digit > '9' || at - from == 7) {
                return 0;
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }

    RuntimeException refused(String why) {
        return Damage.ofPart(part.part.name(), why);
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
    private static final class Content extends FilterInputStream {

        private final ZipParts.Part part;
        private final Limits limits;
        private final CRC32 crc = new CRC32();
        private long length;
        private int atOnce = MOST_AT_ONCE;

        Content(ZipParts.Part part, InputStream inflated, Limits limits) {
            super(inflated);
            this.part = part;
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
                if (crc.getValue() != part.crc()) {
                    throw Damage.ofPart(part.name(), "is damaged");
                }
                return count;
            }
            length += count;
            limits.inflated(part.name(), count, length, part.compressed());
            crc.update(into, from, count);
            atOnce -= count;
            if (atOnce < 0) {
                throw Damage.ofPart(part.name(), "has a text or a tag of more than " + MOST_AT_ONCE + " bytes");
            }
            return count;
        }
    }
}

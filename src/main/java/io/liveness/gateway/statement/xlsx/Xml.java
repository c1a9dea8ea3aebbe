package io.liveness.gateway.statement.xlsx;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The elements of a part, one after the other, by their local names: the two forms of the standard differ in namespaces alone. A DOCTYPE
 * is refused, and so is what would fill the memory: depth, names, and what has no markup in between.
 */
final class Xml implements AutoCloseable {

    private static final int DEEPEST = 64;
    private static final int MOST_NAMES = 1_000;

    private final InflatedPart part;
    private final XMLStreamReader reader;
    private final Set<String> names = new HashSet<>();
    private int depth;
    private int event;

    Xml(InflatedPart part) {
        this.part = part;
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

    String part() {
        return part.name();
    }

    /** Goes on; false at the end of the part. */
    boolean next() {
        try {
            if (!reader.hasNext()) {
                return false;
            }
            part.markup();
            event = reader.next();
        } catch (XMLStreamException e) {
            throw broken(e);
        } catch (IndexOutOfBoundsException e) {
            throw noXml(); // the parser, of bytes that are no XML
        }
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> begun();
            case XMLStreamConstants.END_ELEMENT -> depth--;
            case XMLStreamConstants.DTD -> throw Damage.ofPart(part(), "has a DOCTYPE, which no spreadsheet writes");
            case XMLStreamConstants.ENTITY_REFERENCE -> throw noXml();
            default -> {
                // Text is read on demand.
            }
        }
        return true;
    }

    boolean begins(String name) {
        return event == XMLStreamConstants.START_ELEMENT
                && reader.getLocalName().equals(name);
    }

    boolean ends(String name) {
        return event == XMLStreamConstants.END_ELEMENT && reader.getLocalName().equals(name);
    }

    /** Of the element that begins here; null when it has none of that name. */
    String attribute(String name) {
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            if (reader.getAttributeLocalName(i).equals(name)) {
                return reader.getAttributeValue(i);
            }
        }
        return null;
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

    private void begun() {
        depth++;
        if (depth > DEEPEST) {
            throw Damage.ofPart(part(), "has elements in more than " + DEEPEST + " others");
        }
        names.add(reader.getLocalName());
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            names.add(reader.getAttributeLocalName(i));
        }
        if (names.size() > MOST_NAMES) {
            throw Damage.ofPart(part(), "has more than " + MOST_NAMES + " different names");
        }
    }

    private RuntimeException broken(XMLStreamException cause) {
        return cause.getCause() instanceof IOException io && !(io instanceof CharConversionException)
                ? new UncheckedIOException(io)
                : noXml();
    }

    private RuntimeException noXml() {
        return Damage.ofPart(part(), "is no XML");
    }

    @Override
    public void close() {
        try {
            part.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

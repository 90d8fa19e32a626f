package io.redfleet.gateway.collector;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the document that Monit 5 posts ({@code text/xml}, monit/src/http/xml.c). A document type declaration is
 * refused, so that no entity is ever resolved or multiplied; depth and number of elements are bounded.
 */
public final class MonitXml {
    private static final int DEPTH = 16;
    private static final int ELEMENTS = 100_000;

    private static final XMLInputFactory FACTORY = factory();

    private MonitXml() {}

    /** @throws Malformed it is no such document */
    public static Posting read(byte[] document) throws Malformed {
        try {
            XMLStreamReader reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(Cleaned.of(document)));
            try {
                return read(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            throw new Malformed("no XML from " + place(e) + " on");
        }
    }

    private static Posting read(XMLStreamReader reader) throws XMLStreamException, Malformed {
        PostingBuilder posting = new PostingBuilder();
        Deque<String> path = new ArrayDeque<>();
        StringBuilder text = new StringBuilder();
        int elements = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new Malformed("a document type or an entity: Monit writes none");
                case XMLStreamConstants.START_ELEMENT -> {
                    path.addLast(reader.getLocalName());
                    if (path.size() > DEPTH || ++elements > ELEMENTS) {
                        throw new Malformed("deeper or longer than any posting of Monit");
                    }
                    text.setLength(0);
                    posting.begin(String.join("/", path), name -> reader.getAttributeValue(null, name));
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    posting.end(String.join("/", path), text.toString());
                    text.setLength(0);
                    path.removeLast();
                }
                default -> {
                    // Comments, white space and the ends of the document say nothing.
                }
            }
        }
        return posting.posting();
    }

    private static String place(XMLStreamException e) {
        return e.getLocation() == null
                ? "its beginning"
                : "line " + e.getLocation().getLineNumber() + ", column "
                        + e.getLocation().getColumnNumber();
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("nothing is resolved");
        });
        return factory;
    }
}

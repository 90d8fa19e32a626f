package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML of strangers to JSON.
 *
 * <p>Aliases are refused (a few lines of them grow into gigabytes), tags are refused (they name classes), keys are
 * strings and come once, nesting and number of parts are bounded. Plain words follow YAML 1.2's core schema: only
 * {@code true} and {@code false} are truth values, so that {@code appendonly: yes} and {@code canary: off} stay the
 * words that Redis and the spec mean.
 */
final class YamlText {
    private static final int DEEPEST = 50;
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]{0,30})");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9]{0,30})\\.[0-9]{1,30}");

    private YamlText() {}

    static JsonNode parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(DEEPEST);
        options.setCodePointLimit(Bodies.MOST_BYTES);
        options.setAllowDuplicateKeys(false);
        Yaml yaml = new Yaml(options);
        try {
            refuseDangers(yaml.parse(new StringReader(text)));
            Node root = yaml.compose(new StringReader(text));
            if (root == null) {
                throw ProblemException.bad("The body is empty");
            }
            return json(root, 0);
        } catch (MarkedYAMLException e) {
            throw malformed(String.valueOf(e.getProblem()), e.getProblemMark());
        } catch (YAMLException e) {
            throw Bodies.malformed("YAML", String.valueOf(e.getMessage()));
        }
    }

    /** Looks at one event after another, so that what must not be read is not read to its end. */
    private static void refuseDangers(Iterable<Event> events) {
        int documents = 0;
        int parts = 0;
        int depth = 0;
        for (Event event : events) {
            if (++parts > Bodies.MOST_PARTS) {
                throw Bodies.tooMany();
            }
            if (event instanceof AliasEvent) {
                throw malformed("aliases (*name) are not read here", event.getStartMark());
            }
            if (event instanceof DocumentStartEvent && ++documents > 1) {
                throw malformed("one document a request", event.getStartMark());
            }
            if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
                throw malformed("nested deeper than " + DEEPEST, event.getStartMark());
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private static JsonNode json(Node node, int depth) {
        if (depth > DEEPEST) {
            throw malformed("nested deeper than " + DEEPEST, node.getStartMark());
        }
        return switch (node) {
            case MappingNode mapping -> object(mapping, depth);
            case SequenceNode sequence -> array(sequence, depth);
            case ScalarNode scalar -> value(scalar);
            default -> throw malformed("not a mapping, list or value", node.getStartMark());
        };
    }

    private static ObjectNode object(MappingNode mapping, int depth) {
        known(mapping, Tag.MAP);
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw malformed("a key has to be a word", entry.getKeyNode().getStartMark());
            }
            if (object.has(key.getValue())) {
                throw malformed("the key '" + key.getValue() + "' comes twice", key.getStartMark());
            }
            object.set(key.getValue(), json(entry.getValueNode(), depth + 1));
        }
        return object;
    }

    private static ArrayNode array(SequenceNode sequence, int depth) {
        known(sequence, Tag.SEQ);
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Iterator<Node> items = sequence.getValue().iterator(); items.hasNext(); ) {
            array.add(json(items.next(), depth + 1));
        }
        return array;
    }

    private static JsonNode value(ScalarNode scalar) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        String text = scalar.getValue();
        if (!scalar.getTag().startsWith(Tag.PREFIX) || scalar.getTag().equals(new Tag(Tag.PREFIX + "binary"))) {
            throw malformed("tags (!name) are not read here", scalar.getStartMark());
        }
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return nodes.textNode(text);
        }
        return switch (text) {
            case "", "~", "null" -> nodes.nullNode();
            case "true" -> nodes.booleanNode(true);
            case "false" -> nodes.booleanNode(false);
            default -> {
                if (INTEGER.matcher(text).matches()) {
                    yield nodes.numberNode(new BigInteger(text));
                }
                yield DECIMAL.matcher(text).matches() ? nodes.numberNode(new BigDecimal(text)) : nodes.textNode(text);
            }
        };
    }

    private static void known(Node node, Tag usual) {
        if (!node.getTag().equals(usual)) {
            throw malformed("tags (!name) are not read here", node.getStartMark());
        }
    }

    private static ProblemException malformed(String what, Mark at) {
        String place = at == null ? "" : " at line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1);
        return Bodies.malformed("YAML", what + place);
    }
}

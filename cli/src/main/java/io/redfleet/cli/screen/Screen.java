package io.redfleet.cli.screen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.redfleet.cli.gateway.Answer;
import java.io.PrintStream;
import java.util.Map;

/** Results on standard output, notes and problems on standard error. */
public final class Screen {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();
    private static final String RED = "31";
    private static final String GREEN = "32";
    private static final String YELLOW = "33";
    private static final Map<String, String> COLORS = Map.ofEntries(
            Map.entry("UP", GREEN),
            Map.entry("READY", GREEN),
            Map.entry("HEALTHY", GREEN),
            Map.entry("SUCCEEDED", GREEN),
            Map.entry("DONE", GREEN),
            Map.entry("RESOLVED", GREEN),
            Map.entry("DOWN", RED),
            Map.entry("HUNG", RED),
            Map.entry("FAILED", RED),
            Map.entry("UNREACHABLE", RED),
            Map.entry("OPEN", RED),
            Map.entry("CRITICAL", RED),
            Map.entry("QUORUM_LOST", RED),
            Map.entry("SPLIT_BRAIN", RED),
            Map.entry("MASTER_SILENT", RED),
            Map.entry("DEGRADED", YELLOW),
            Map.entry("LOADING", YELLOW),
            Map.entry("RUNNING", YELLOW),
            Map.entry("WAITING", YELLOW),
            Map.entry("ACKNOWLEDGED", YELLOW),
            Map.entry("WARNING", YELLOW),
            Map.entry("PROVISIONING", YELLOW),
            Map.entry("FAILING_OVER", YELLOW));

    private final PrintStream out;
    private final PrintStream err;
    private final Form form;
    private final boolean color;

    public Screen(PrintStream out, PrintStream err, Form form, boolean color) {
        this.out = out;
        this.err = err;
        this.form = form;
        this.color = color;
    }

    /** Whether a person reads the result; otherwise {@link #data} is the whole of it. */
    public boolean people() {
        return form == Form.TABLE;
    }

    public void line(String text) {
        out.println(Table.plain(text));
    }

    /** A text with its own line breaks, for example Monit's layout. */
    public void text(String text) {
        text.lines().forEach(this::line);
    }

    public void table(Table table) {
        table.lines(this::painted).forEach(out::println);
    }

    public void data(JsonNode body) {
        try {
            String text = form == Form.YAML
                    ? YAML.writeValueAsString(body)
                    : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(body) + "\n";
            out.print(text);
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was parsed cannot be written", e);
        }
    }

    /** One record of an endless result: a line of JSON, or a YAML document. */
    public void record(JsonNode body) {
        if (form == Form.JSON) {
            out.println(body);
        } else {
            out.println("---");
            data(body);
        }
    }

    public void note(String text) {
        err.println(Table.plain(text));
    }

    /** Title, detail, then each broken rule on a line of its own. */
    public void problem(Answer.Refused refused) {
        err.println(paint(Table.plain(refused.title()), RED) + " (" + refused.status() + ")");
        if (!refused.detail().isEmpty()) {
            note(refused.detail());
        }
        for (Answer.Broken broken : refused.errors()) {
            note("  " + broken.field() + ": " + broken.value() + ": " + broken.rule());
        }
    }

    private String painted(String cell) {
        return COLORS.containsKey(cell.strip()) ? paint(cell, COLORS.getOrDefault(cell.strip(), "0")) : cell;
    }

    private String paint(String text, String code) {
        return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}

package io.redfleet.monitrc;

import io.redfleet.monitrc.grammar.MonitLexer;
import io.redfleet.monitrc.grammar.MonitParser;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;

/** Reads and writes control files. Thread-safe. */
public final class Monitrc {
    /** Far more than a host with a hundred instances needs. */
    public static final int CHARS_MAX = 256 * 1024;

    private Monitrc() {}

    /**
     * Takes the whole of a file or nothing of it. Takes time in proportion to its length.
     *
     * @param text of one file; nothing is included from elsewhere
     */
    public static Reading read(String text) {
        if (text.length() > CHARS_MAX) {
            Fault fault = new Fault(1, 1, "the file is longer than " + CHARS_MAX + " characters", "");
            return new Reading(ControlFile.EMPTY, List.of(fault), List.of());
        }
        Faults faults = new Faults();
        MonitLexer lexer = new MonitLexer(CharStreams.fromString(text));
        lexer.removeErrorListeners();
        MonitParser parser = new MonitParser(new CommonTokenStream(lexer));
        parser.removeErrorListeners();
        parser.addErrorListener(faults);
        MonitParser.FileContext tree = parser.file();
        if (!faults.isEmpty()) {
            return new Reading(ControlFile.EMPTY, faults.all(), List.of());
        }
        return new FileReader(faults).read(tree);
    }

    /** A control file that {@link #read} reads as the same. */
    public static String write(ControlFile file) {
        return new FileWriter(file, true).write();
    }

    /** What a rule tests and how often it must fail, in the words of the language: tells it from the other rules of its check. */
    public static String words(Rule rule) {
        return new FileWriter(ControlFile.EMPTY, true).words(rule);
    }

    /**
     * A control file for Monit itself, which takes it as {@code monit -t} says. What lasts for a time lasts for as many cycles
     * there, rounded up.
     */
    public static String writeForMonit(ControlFile file) {
        return new FileWriter(file, false).write();
    }
}

package io.redfleet.monitrc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** The faults of one file, the first twenty of them: whoever has made more sees the rest after mending these. */
final class Faults extends BaseErrorListener {
    private static final int MOST = 20;

    private final List<Fault> found = new ArrayList<>();

    void add(Token at, String what, String instead) {
        add(new Fault(at.getLine(), at.getCharPositionInLine() + 1, what, instead));
    }

    /** Nothing else is to be said than that it is wrong. */
    void add(Token at, String what) {
        add(at, what, "");
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** In the order of the file. */
    List<Fault> all() {
        return found.stream()
                .sorted(Comparator.comparingInt(Fault::line).thenComparingInt(Fault::column))
                .toList();
    }

    @Override
    public void syntaxError(
            Recognizer<?, ?> recognizer,
            @Nullable Object offending,
            int line,
            int column,
            String message,
            @Nullable RecognitionException cause) {
        boolean ended = offending instanceof Token token && token.getType() == Token.EOF;
        String where = offending instanceof Token token ? token.getText() : "";
        add(new Fault(
                line, column + 1, ended ? "syntax error: the file ends too soon" : "syntax error '" + where + "'", ""));
    }

    private void add(Fault fault) {
        if (found.size() < MOST) {
            found.add(fault);
        }
    }
}

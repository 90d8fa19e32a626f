package io.redfleet.monitrc;

import org.antlr.v4.runtime.Token;

/**
 * Of a statement that is understood, and not needed or not taken everywhere: why.
 *
 * @param line from 1
 * @param column from 1
 */
public record Remark(int line, int column, String text) {
    static Remark at(Token at, String text) {
        return new Remark(at.getLine(), at.getCharPositionInLine() + 1, text);
    }

    /** {@code line:column: text}. */
    @Override
    public String toString() {
        return line + ":" + column + ": " + text;
    }
}

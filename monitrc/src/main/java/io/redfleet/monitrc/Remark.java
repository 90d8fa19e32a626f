package io.redfleet.monitrc;

/** Of a statement that is understood and not needed: why. */
public record Remark(int line, String text) {
    @Override
    public String toString() {
        return line + ": " + text;
    }
}

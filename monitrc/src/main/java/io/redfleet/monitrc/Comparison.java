package io.redfleet.monitrc;

/** How a value is held against a limit. */
public enum Comparison {
    LESS("<"),
    GREATER(">"),
    AT_MOST("<="),
    AT_LEAST(">="),
    EQUAL("="),
    UNEQUAL("!=");

    private final String sign;

    Comparison(String sign) {
        this.sign = sign;
    }

    public boolean holds(double value, double limit) {
        return switch (this) {
            case LESS -> value < limit;
            case GREATER -> value > limit;
            case AT_MOST -> value <= limit;
            case AT_LEAST -> value >= limit;
            case EQUAL -> Double.compare(value, limit) == 0;
            case UNEQUAL -> Double.compare(value, limit) != 0;
        };
    }

    /** As a control file writes it. */
    public String sign() {
        return sign;
    }
}

package io.redfleet.alert.edge.webhook;

/** What a receiver knows us by. Never shown. */
public final class Secret {
    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    String value() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}

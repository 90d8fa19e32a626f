package io.redfleet.contracts.wire;

/** The services, by the name that stands in {@code source} and in {@code to}. */
public enum ServiceName {
    PROVISIONER("provisioner"),
    MONITOR("monitor"),
    ALERT("alert"),
    GATEWAY("gateway");

    private final String word;

    ServiceName(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** The CloudEvents {@code source} of this service's events. */
    public String source() {
        return "/redfleet/" + word;
    }
}

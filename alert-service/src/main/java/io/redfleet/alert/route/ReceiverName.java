package io.redfleet.alert.route;

/** A receiver as its operator calls it. */
public record ReceiverName(String value) {
    public ReceiverName {
        if (value.isBlank() || value.length() > 63) {
            throw new IllegalArgumentException("a receiver's name has 1 to 63 characters");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

package io.redfleet.contracts.cluster;

import java.util.regex.Pattern;

/** One instance within its cluster: {@code host/name}, as in {@code r1/redis-server}. */
public record InstanceId(String value) implements Word {
    private static final Pattern FORM =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}/[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public InstanceId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not an instance id: " + value);
        }
    }

    public static InstanceId of(HostName host, String name) {
        return new InstanceId(host.value() + "/" + name);
    }

    public HostName host() {
        return new HostName(value.substring(0, value.indexOf('/')));
    }

    /** The instance's own name on its host. */
    public String name() {
        return value.substring(value.indexOf('/') + 1);
    }

    @Override
    public String toString() {
        return value;
    }
}

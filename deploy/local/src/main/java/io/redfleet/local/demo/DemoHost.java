package io.redfleet.local.demo;

import java.util.List;

/** One of the three hosts. */
record DemoHost(String name, String address) {
    /** Those on loopback. */
    static final List<DemoHost> ALL = List.of(
            new DemoHost("r1", "127.0.0.11"), new DemoHost("r2", "127.0.0.12"), new DemoHost("r3", "127.0.0.13"));

    /** Of one on loopback: under which {@code down} finds its sshd. */
    String guest() {
        return "demo-sshd-" + name;
    }

    String redis() {
        return name + "/redis-server";
    }
}

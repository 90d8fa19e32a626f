package io.redfleet.monitor.check;

import io.redfleet.monitrc.Test;

/** What an event is about, with the words and the number that Monit has for it (event.c, event table). */
public enum EventKind {
    RESOURCE(0x2, "Resource limit matched", "Resource limit succeeded"),
    TIMEOUT(0x4, "Timeout", "Timeout recovery"),
    CONNECTION(0x20, "Connection failed", "Connection succeeded"),
    NONEXIST(0x200, "Does not exist", "Exists"),
    DATA(0x800, "Data access error", "Data access succeeded"),
    EXEC(0x1000, "Execution failed", "Execution succeeded"),
    ICMP(0x4000, "ICMP failed", "ICMP succeeded"),
    ACTION(0x20000, "Action done", "Action done"),
    PID(0x40000, "PID changed", "PID succeeded"),
    PPID(0x80000, "PPID changed", "PPID succeeded"),
    STATUS(0x200000, "Status failed", "Status succeeded"),
    UPTIME(0x400000, "Uptime failed", "Uptime succeeded"),
    EXIST(0x40000000, "Does exist", "Exists not");

    private final int bit;
    private final String failed;
    private final String passed;

    EventKind(int bit, String failed, String passed) {
        this.bit = bit;
        this.failed = failed;
        this.passed = passed;
    }

    static EventKind of(Test test) {
        return switch (test) {
            case Test.Absent absent -> NONEXIST;
            case Test.Present present -> EXIST;
            case Test.Connection connection -> CONNECTION;
            case Test.Ping ping -> ICMP;
            case Test.PidChanged changed -> PID;
            case Test.ParentChanged changed -> PPID;
            case Test.Uptime uptime -> UPTIME;
            case Test.Resource resource -> RESOURCE;
            case Test.Status status -> STATUS;
        };
    }

    /** In Monit's status word of a service. */
    public int bit() {
        return bit;
    }

    /** As the status of a service shows it. */
    public String failed() {
        return failed;
    }

    public String passed() {
        return passed;
    }
}

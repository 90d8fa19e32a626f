package io.redfleet.contracts.report;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** What can be failed by Monit's word, with its ids and texts (Monit 5.33, event.h and event.c). */
public enum MonitEvent {
    CHECKSUM(0x1, "Checksum failed"),
    RESOURCE(0x2, "Resource limit matched"),
    TIMEOUT(0x4, "Timeout"),
    TIMESTAMP(0x8, "Timestamp failed"),
    SIZE(0x10, "Size failed"),
    CONNECTION(0x20, "Connection failed"),
    PERMISSION(0x40, "Permission failed"),
    UID(0x80, "UID failed"),
    GID(0x100, "GID failed"),
    NONEXIST(0x200, "Does not exist"),
    INVALID(0x400, "Invalid type"),
    DATA(0x800, "Data access error"),
    EXEC(0x1000, "Execution failed"),
    FSFLAG(0x2000, "Filesystem flags failed"),
    ICMP(0x4000, "Ping failed"),
    CONTENT(0x8000, "Content failed"),
    PID(0x40000, "PID failed"),
    PPID(0x80000, "PPID failed"),
    STATUS(0x200000, "Status failed"),
    UPTIME(0x400000, "Uptime failed"),
    LINK(0x800000, "Link down"),
    SPEED(0x1000000, "Speed failed"),
    SATURATION(0x2000000, "Saturation exceeded"),
    BYTE_IN(0x4000000, "Download bytes exceeded"),
    BYTE_OUT(0x8000000, "Upload bytes exceeded"),
    PACKET_IN(0x10000000, "Download packets exceeded"),
    PACKET_OUT(0x20000000, "Upload packets exceeded"),
    EXIST(0x40000000, "Does exist");

    private final long id;
    private final String text;

    MonitEvent(long id, String text) {
        this.id = id;
        this.text = text;
    }

    public long id() {
        return id;
    }

    /** As Monit's status shows it. */
    public String text() {
        return text;
    }

    /** As Monit's status shows it where it is a change that was noticed, and no limit that was broken. */
    public String changedText() {
        return this == CONTENT ? "Content match" : text.replace(" failed", " changed");
    }

    /** What a {@link ServiceReport#failed} says; ids of later releases of Monit are left out. */
    public static Set<MonitEvent> of(long failed) {
        Set<MonitEvent> events = EnumSet.noneOf(MonitEvent.class);
        Arrays.stream(values()).filter(event -> (failed & event.id) != 0).forEach(events::add);
        return events;
    }
}

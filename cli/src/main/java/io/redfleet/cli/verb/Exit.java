package io.redfleet.cli.verb;

/** Exit statuses that scripts rely on. */
public final class Exit {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int BAD_USAGE = 2;
    public static final int NOT_REACHABLE = 3;

    private Exit() {}
}

package io.redfleet.monitrc;

import java.time.Duration;
import java.util.List;

/**
 * What a control file asks for.
 *
 * @param cycle the gap between two cycles ({@code set daemon}); zero where the file does not say
 * @param checks in the order of the file, by names that are all different; of two checks that depend on each other the file
 *     order says nothing
 */
public record ControlFile(Duration cycle, List<Check> checks) {
    public static final ControlFile EMPTY = new ControlFile(Duration.ZERO, List.of());

    public ControlFile {
        checks = List.copyOf(checks);
    }
}

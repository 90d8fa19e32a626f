package io.redfleet.monitor.watch;

import io.redfleet.monitor.check.Result;
import io.redfleet.monitrc.Metric;
import io.redfleet.monitrc.Test;
import io.redfleet.monitrc.Unit;
import java.util.Locale;
import java.util.OptionalDouble;

/** A figure held against the limit of a rule. */
final class Limited {
    private Limited() {}

    /** @param value in the rule's own unit; none where it is not known */
    static Result result(Test.Resource resource, OptionalDouble value) {
        if (value.isEmpty()) {
            return Result.NONE;
        }
        String text =
                resource.metric().word() + " is " + words(resource.metric(), resource.unit(), value.getAsDouble());
        return resource.comparison().holds(value.getAsDouble(), resource.limit())
                ? Result.failed(text)
                : Result.passed(text);
    }

    private static String words(Metric metric, Unit unit, double value) {
        return switch (unit) {
            case PERCENT -> String.format(Locale.ROOT, "%.1f%%", value);
            case BYTES -> String.format(Locale.ROOT, "%.0f B", value);
            case PLAIN -> String.format(Locale.ROOT, metric.isLoad() ? "%.2f" : "%.0f", value);
        };
    }
}

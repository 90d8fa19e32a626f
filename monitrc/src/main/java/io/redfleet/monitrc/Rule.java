package io.redfleet.monitrc;

/**
 * One {@code if}.
 *
 * @param failed how often the test must fail before {@code then} is due
 * @param recovered how often it must pass before {@code otherwise} is due
 */
public record Rule(Test test, Tolerance failed, Action then, Tolerance recovered, Action otherwise) {
    /** What holds for a process where no existence test is written (Monit manual, Existence testing). */
    public static final Rule IMPLIED = of(new Test.Absent(), new Action.Restart());

    /** At once, and told at once when it is over. */
    public static Rule of(Test test, Action then) {
        return new Rule(test, Tolerance.AT_ONCE, then, Tolerance.AT_ONCE, new Action.Alert());
    }
}

package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All rules of one look, and what a record shows of them.
 *
 * @param checks host by host
 */
public record Judged(List<Check> checks, Verification report) {
    /** Of a finding: a line of a log, or the reason of a connection that failed. */
    private static final int MOST_CHARACTERS = 200;

    /** In a reason, and in an event. */
    private static final int FIRST = 3;

    public Judged {
        checks = List.copyOf(checks);
    }

    static Judged of(ClusterSpec spec, Found found, Instant at) {
        return of(spec, Judge.judge(spec, found), at, limits(spec, found));
    }

    /** The same look, with what was judged after it. */
    Judged and(ClusterSpec spec, List<Check> later) {
        List<Check> all = new ArrayList<>(checks);
        all.addAll(later);
        return of(spec, all, report.at(), report.limits());
    }

    private static Judged of(
            ClusterSpec spec, List<Check> checks, Instant at, List<Verification.ProcessLimits> limits) {
        List<Verification.HostCount> hosts =
                spec.hosts().stream().map(host -> count(host, checks)).toList();
        List<Check> open = open(checks);
        List<Verification.Finding> findings = open.stream()
                .limit(Verification.MOST_FINDINGS)
                .map(Judged::finding)
                .toList();
        boolean holds = checks.stream().noneMatch(Check::fails);
        int more = open.size() - findings.size();
        return new Judged(checks, new Verification(at, holds, hosts, findings, more, limits));
    }

    /** Whether waiting could mend what fails. */
    boolean settles() {
        List<Check> failing = failing();
        return !failing.isEmpty()
                && failing.stream().allMatch(check -> check.rule().settles());
    }

    public boolean holds() {
        return report.holds();
    }

    /** Why it does not hold, in one sentence; empty if it does. */
    public String reason() {
        return first(failing());
    }

    /** What is told of it. */
    public OperationEvent.Verified event() {
        int passed =
                report.hosts().stream().mapToInt(Verification.HostCount::passed).sum();
        List<String> sentences =
                open(checks).stream().limit(FIRST).map(Judged::sentence).toList();
        return new OperationEvent.Verified(
                report.holds(),
                passed,
                sum(Verification.Ruling.FAILED),
                sum(Verification.Ruling.WARNED),
                sum(Verification.Ruling.UNVERIFIED),
                sentences);
    }

    /** One sentence on the whole. */
    public String summary() {
        OperationEvent.Verified event = event();
        return (holds() ? "verified: " : "does not verify: ") + event.passed() + " passed, " + event.failed()
                + " failed, " + event.warned() + " told, " + event.unverified() + " not verified";
    }

    private List<Check> failing() {
        return checks.stream().filter(Check::fails).toList();
    }

    private int sum(Verification.Ruling ruling) {
        return (int) checks.stream()
                .filter(check -> check.result() != Check.Result.PASSED && ruling(check) == ruling)
                .count();
    }

    private static String first(List<Check> of) {
        String first = of.stream().limit(FIRST).map(Judged::sentence).collect(Collectors.joining("; "));
        return of.size() <= FIRST ? first : first + "; and " + (of.size() - FIRST) + " more";
    }

    /** What did not pass: what fails the operation first, then in the order of their rulings. */
    private static List<Check> open(List<Check> checks) {
        return checks.stream()
                .filter(check -> check.result() != Check.Result.PASSED)
                .sorted(Comparator.comparing((Check check) -> !check.fails()).thenComparing(Judged::ruling))
                .toList();
    }

    private static Verification.Ruling ruling(Check check) {
        if (check.result() == Check.Result.UNKNOWN) {
            return Verification.Ruling.UNVERIFIED;
        }
        return check.decides() ? Verification.Ruling.FAILED : Verification.Ruling.WARNED;
    }

    private static Verification.Finding finding(Check check) {
        return new Verification.Finding(
                check.rule().id(),
                ruling(check),
                check.host().value(),
                check.subject(),
                check.rule().says(),
                cut(check.found()));
    }

    private static Verification.HostCount count(HostSpec host, List<Check> checks) {
        int passed = 0;
        int failed = 0;
        int warned = 0;
        int unverified = 0;
        for (Check check : checks) {
            if (!check.host().equals(host.name())) {
                continue;
            }
            if (check.result() == Check.Result.PASSED) {
                passed++;
            } else {
                switch (ruling(check)) {
                    case FAILED -> failed++;
                    case WARNED -> warned++;
                    case UNVERIFIED -> unverified++;
                }
            }
        }
        return new Verification.HostCount(host.name().value(), passed, failed, warned, unverified);
    }

    /** Requirement R14: the limits of what runs, written down. */
    private static List<Verification.ProcessLimits> limits(ClusterSpec spec, Found found) {
        List<Verification.ProcessLimits> limits = new ArrayList<>();
        for (Member member : spec.members()) {
            Evidence evidence = found.of(member.id());
            if (!evidence.openFiles().isEmpty() && limits.size() < Verification.MOST_LIMITS) {
                limits.add(
                        new Verification.ProcessLimits(member.id().value(), evidence.pid(), cut(evidence.openFiles())));
            }
        }
        return limits;
    }

    private static String sentence(Check check) {
        return cut(check.sentence());
    }

    private static String cut(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
    }
}

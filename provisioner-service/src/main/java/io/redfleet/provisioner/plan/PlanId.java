package io.redfleet.provisioner.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redfleet.contracts.cluster.ClusterState;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The id of a plan: a digest of what is shown of it. It is the same for two looks at an unchanged world, in any process, and
 * another one as soon as a step, a line of a difference, an obstacle or the revision is another.
 *
 * <p>Of passwords only what people see goes into it, which is {@code ***}: nobody can try guesses on an id. For the same
 * reason two plans that differ in a password alone have one id. Notes, and the figures of an obstacle, do not count: they
 * may change by themselves. Nor does what is built first, on no host of the cluster: a plan is the same once that is done.
 */
public final class PlanId {
    /** 64 bits: whoever could look for a second plan with the same id may change the hosts anyway. */
    private static final int BYTES = 8;

    private PlanId() {}

    /** @param cluster the revision that the plan makes true */
    public static String of(ClusterState cluster, Plan plan) {
        MessageDigest digest = sha256();
        add(digest, cluster.name().value());
        // A cluster that never stood gets its uid by lot, another one for each time that it is only tried out.
        add(digest, cluster.stood() ? cluster.uid().value() : "");
        add(digest, String.valueOf(cluster.revision()));
        add(digest, String.valueOf(plan.open()));
        List<List<Step>> stages = BuildPlan.without(plan.stages());
        add(digest, stages.size());
        for (List<Step> stage : stages) {
            add(digest, stage.size());
            for (Step step : stage) {
                add(digest, step.id());
                add(digest, step.title());
                add(digest, step.diff().size());
                step.diff().forEach(line -> add(digest, line));
            }
        }
        add(digest, plan.obstacles().size());
        for (Plan.Obstacle obstacle : plan.obstacles()) {
            add(digest, obstacle.host());
            add(digest, obstacle.subject());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    /**
     * Why a plan that was seen is not carried out; empty: it is what would be done now.
     *
     * @param seen the id that was asked for; empty: whatever is to be done
     */
    public static Optional<String> moved(String seen, ClusterState cluster, Plan now) {
        String found = of(cluster, now);
        if (seen.isEmpty() || seen.equals(found)) {
            return Optional.empty();
        }
        String way = now.obstacles().isEmpty()
                ? ""
                : " (in the way: " + now.obstacles().getFirst() + ")";
        return Optional.of("plan " + seen + " is not what would be done now, that is plan " + found + way
                + "; nothing was changed: plan again, look at it, and apply that one");
    }

    /** With its length before it: no two lists of words have the same digest by being joined. */
    private static void add(MessageDigest digest, String word) {
        byte[] bytes = word.getBytes(UTF_8);
        add(digest, bytes.length);
        digest.update(bytes);
    }

    private static void add(MessageDigest digest, int number) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

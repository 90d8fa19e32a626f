package io.redfleet.provisioner.plan;

import io.redfleet.contracts.access.NextSecret.Stage;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The steps by which all instances of a cluster take another password of one user, and whoever among them logs in as that user does
 * so with it. None loses the old one before every one of them takes the new one, has let somebody in by it, and uses it.
 */
public final class PasswordPlan {
    /** A login that is refused stays refused; only an instance that is busy for a moment is worth a wait. */
    private static final Duration LOGIN = Duration.ofSeconds(10);

    private final ClusterState cluster;
    private final ClusterSpec spec;
    private final ClusterSurvey survey;
    private final StepMaker make;
    private final Purpose purpose;

    private PasswordPlan(ClusterState cluster, ClusterSurvey survey, Purpose purpose) {
        this.cluster = cluster;
        this.spec = cluster.spec();
        this.survey = survey;
        this.make = new StepMaker(spec, survey);
        this.purpose = purpose;
    }

    /**
     * What is left to do at a stage. An instance that gives no answer is an obstacle: it would come back with the passwords of
     * before.
     *
     * @param survey made with the passwords of that stage
     * @param stage {@link Stage#ADDING} or {@link Stage#REMOVING}
     */
    public static Plan plan(ClusterState cluster, ClusterSurvey survey, Purpose purpose, Stage stage) {
        List<Plan.Obstacle> obstacles = obstacles(cluster, survey);
        if (!obstacles.isEmpty()) {
            return new Plan(List.of(), obstacles, List.of(), false);
        }
        Accounts accounts = survey.accounts();
        Secret fresh = stage == Stage.ADDING
                ? accounts.second(purpose).map(Accounts.Second::secret).orElseThrow()
                : accounts.of(purpose);
        PasswordPlan plan = new PasswordPlan(cluster, survey, purpose);
        // The old one too, where somebody has taken it away meanwhile: until all take the new one it is to be good
        // everywhere.
        List<Secret> both = stage == Stage.ADDING ? accounts.all(purpose) : List.of(fresh);
        List<List<Step>> stages = new ArrayList<>();
        stages.add(plan.all(member -> plan.change(member, PasswordAction.Change.ADD, both)));
        stages.add(plan.all(member -> plan.login(member, fresh)));
        if (stage == Stage.REMOVING) {
            stages.addAll(plan.used(fresh));
            stages.add(plan.all(member -> plan.change(member, PasswordAction.Change.ONLY, List.of(fresh))));
        }
        return new Plan(stages, List.of(), List.of(), false);
    }

    /** Why no password may be changed now; it needs no password that is not there yet. */
    public static List<Plan.Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        List<Plan.Obstacle> obstacles = new ArrayList<>();
        if (!survey.accounts().trouble().isEmpty()) {
            obstacles.add(new Plan.Obstacle("", "secrets", survey.accounts().trouble()));
            return obstacles;
        }
        obstacles.addAll(Preflight.newer(cluster, survey));
        cluster.leavers()
                .forEach(leaver -> obstacles.add(new Plan.Obstacle(
                        leaver.host().name().value(), "leaves", "is still leaving the cluster: apply the spec first")));
        for (Member member : cluster.spec().members()) {
            String host = member.id().host().value();
            if (survey.unreached().containsKey(member.id().host())) {
                obstacles.add(new Plan.Obstacle(host, member.id().value(), "its host gave no answer"));
            } else if (!survey.instance(member.id())
                    .map(InstanceSurvey::answers)
                    .orElse(false)) {
                String said =
                        survey.instance(member.id()).map(InstanceSurvey::ping).orElse("");
                String how = said.isEmpty() ? "does not answer" : "answers " + said;
                obstacles.add(
                        new Plan.Obstacle(host, member.id().value(), how + ", and every instance has to be ready"));
            } else if (member.role() == InstanceRole.SENTINEL
                    && survey.instance(member.id()).map(LostMaster::lost).orElse(false)) {
                obstacles.add(new Plan.Obstacle(host, member.id().value(), "watches no master: apply first"));
            }
        }
        return obstacles;
    }

    /**
     * Why no password may be added now, besides {@link #obstacles}: to a user that is off, or that lets everybody in, another
     * password opens nothing and shuts nothing out, and the end of the old one would.
     *
     * @param survey of a look that asks who may enter
     */
    public static List<Plan.Obstacle> drifted(ClusterState cluster, ClusterSurvey survey) {
        List<Plan.Obstacle> obstacles = new ArrayList<>();
        ClusterSpec spec = cluster.spec();
        if (!survey.accounts().trouble().isEmpty()) {
            return obstacles;
        }
        AccessPlan.wanted(spec, survey, new StepMaker(spec, survey))
                .forEach(step -> obstacles.add(new Plan.Obstacle(
                        step.host(),
                        step.action().place().id().value(),
                        "its users are not as they should be: apply first")));
        AccessPlan.uncompared(spec, survey)
                .forEach(member -> obstacles.add(new Plan.Obstacle(
                        member.id().host().value(), member.id().value(), AccessPlan.UNCOMPARED)));
        return obstacles;
    }

    private List<Step> all(Function<Member, Step> step) {
        return spec.members().stream().filter(this::knows).map(step).toList();
    }

    /** Whether the instance has that user, as {@link io.redfleet.provisioner.recipe.UsersFile} has it. */
    private boolean knows(Member member) {
        boolean redis = member.role() == InstanceRole.REDIS;
        return switch (purpose) {
            case APPLICATION, PROBE, ADMIN -> true;
            case REPLICATION, SENTINEL, CANARY -> redis;
            case PEER -> !redis;
        };
    }

    /** Whoever on the hosts logs in as that user, by the new one from now on. */
    private List<List<Step>> used(Secret secret) {
        return switch (purpose) {
            case APPLICATION, CANARY, ADMIN -> List.of();
            case REPLICATION ->
                List.of(spec.members(InstanceRole.REDIS).stream()
                        .map(member -> use(member, PasswordAction.Setting.MASTERAUTH, secret))
                        .toList());
            case SENTINEL -> oneByOne(PasswordAction.Setting.AUTH_PASS, secret);
            case PEER -> oneByOne(PasswordAction.Setting.SENTINEL_PASS, secret);
            // What a guard's file of the password says no survey sees: written anew in any case.
            case PROBE ->
                spec.runsByInit()
                        ? List.of(spec.members(InstanceRole.REDIS).stream()
                                .map(member -> UnitPlan.guarded(cluster, survey.accounts(), make, member))
                                .toList())
                        : List.of();
        };
    }

    /** Each Sentinel connects anew, so the next one waits until it knows everybody again. */
    private List<List<Step>> oneByOne(PasswordAction.Setting setting, Secret secret) {
        return spec.members(InstanceRole.SENTINEL).stream()
                .flatMap(member -> Stream.of(List.of(use(member, setting, secret)), List.of(make.quorum(member))))
                .toList();
    }

    private Step use(Member member, PasswordAction.Setting setting, Secret secret) {
        String master = spec.sentinel().masterName();
        Action action = new PasswordAction.Use(make.place(member), make.directory(member), setting, master, secret);
        String title = "let " + member.id() + " log in as " + purpose.word() + " with the new password";
        return new Step(member.id() + "/password-use", title, List.of("+ " + setting.word() + " ***"), action);
    }

    private Step change(Member member, PasswordAction.Change change, List<Secret> secrets) {
        List<String> hashes = secrets.stream().map(Secret::hash).toList();
        Action action =
                new PasswordAction.Take(make.place(member), make.directory(member), purpose.word(), change, hashes);
        String title = switch (change) {
            case ADD -> "let " + member.id() + " take the new password of " + purpose.word();
            case ONLY -> "let " + member.id() + " take no other password of " + purpose.word() + " than the new one";
        };
        return new Step(member.id() + "/password-" + change.word(), title, List.of(), action);
    }

    private Step login(Member member, Secret secret) {
        Place place = Place.of(spec, member.id(), new Login(purpose.word(), secret));
        Action action =
                new Action.Await(place, Action.Until.READY, spec.sentinel().masterName(), 0, 0, LOGIN);
        String title = "log in to " + member.id() + " as " + purpose.word() + " with the new password";
        return new Step(member.id() + "/password-login", title, List.of(), action);
    }
}

package io.redfleet.bus.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.junit.jupiter.api.parallel.ResourceAccessMode.READ;

import io.redfleet.bus.BusSettings;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that can be tried is tried, with every account, at a real broker; the table says what must come of it. */
@Tag("peer")
class RightsTest {
    /** Whoever changes rights does so while nobody tries what his allow. */
    private static final String RIGHTS = "the broker's rights";

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Set<String> GROUPS =
            Set.of("redfleet-provisioner", "redfleet-monitor", "redfleet-gateway", "consumer-team", "another-group");

    private static final TestBroker BROKER = TestBroker.start();
    private static final BusSettings ADMIN = new BusSettings(BROKER.bootstrap(), "admin", BROKER.admin());

    @BeforeAll
    static void topicsWithARecordEach() throws Exception {
        create();
        try (Attempts admin = new Attempts(ADMIN)) {
            for (Topic topic : Topic.values()) {
                assertThat(admin.writes(topic)).isTrue();
            }
        }
    }

    @AfterAll
    static void end() {
        BROKER.close();
    }

    @ParameterizedTest
    @Execution(CONCURRENT)
    @ResourceLock(value = RIGHTS, mode = READ)
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ADMIN")
    void anAccountCanDoWhatTheTableSaysAndNothingElse(Account account) throws Exception {
        BusSettings settings = BusSettings.of(BROKER.bootstrap(), "attempt", BROKER.login(account.word()));
        Set<String> done = new TreeSet<>();
        try (Attempts attempts = new Attempts(settings)) {
            for (Topic topic : Topic.values()) {
                note(done, topic + " written", attempts.writes(topic));
                note(done, topic + " read", attempts.reads(topic));
                note(done, topic + " seen", attempts.sees(topic));
                attempts.changes(topic).forEach(change -> done.add(topic + " " + change));
            }
            Topic readable = readable(account);
            for (String group : GROUPS) {
                note(done, group + " joined", attempts.commits(group, readable));
            }
            done.addAll(attempts.rulesTheCluster());
        }
        assertThat(done).isEqualTo(allowed(account));
    }

    @Test
    @ResourceLock(RIGHTS)
    void theAdministratorCanDoAllOfIt() throws Exception {
        try (Attempts admin = new Attempts(ADMIN)) {
            assertThat(admin.rulesTheCluster()).containsExactlyInAnyOrder(Attempts.RULES);
            assertThat(admin.reads(Topic.SECRETS)).isTrue();
        }
    }

    @Test
    @ResourceLock(RIGHTS)
    void aRightThatTheTableDoesNotKnowIsTakenAwayAndAStrangersIsLeft() throws Exception {
        AclBinding surplus = right("User:monitor");
        AclBinding strangers = right("User:data-team");
        try (Admin admin = Admin.create(ADMIN.common())) {
            admin.createAcls(Set.of(surplus, strangers)).all().get();
            create();
            assertThat(admin.describeAcls(AclBindingFilter.ANY).values().get())
                    .contains(strangers)
                    .doesNotContain(surplus)
                    .containsAll(Rights.all());
        }
    }

    /** From the table, and not by way of {@link Rights}. */
    private static Set<String> allowed(Account account) {
        Set<String> allowed = new TreeSet<>();
        for (Topic topic : Topic.values()) {
            boolean writes = account.service().filter(topic.writers()::contains).isPresent();
            boolean reads = account == Account.CONSUMER
                    ? topic == Topic.EVENTS || topic == Topic.ALERTS
                    : account.service().filter(topic.readers()::contains).isPresent();
            note(allowed, topic + " written", writes);
            note(allowed, topic + " read", reads);
            note(allowed, topic + " seen", reads || account.service().isPresent());
        }
        switch (account) {
            case PROVISIONER -> allowed.add("redfleet-provisioner joined");
            case MONITOR -> allowed.add("redfleet-monitor joined");
            case CONSUMER -> allowed.add("consumer-team joined");
            case ADMIN, ALERT, GATEWAY -> {}
        }
        return allowed;
    }

    @Test
    void whatCouldHarmHasOneWriter() {
        assertThat(Topic.COMMANDS.writers()).containsExactly(ServiceName.GATEWAY);
        assertThat(Topic.REMEDIATIONS.writers()).containsExactly(ServiceName.MONITOR);
        assertThat(Topic.ACCESS.writers()).containsExactly(ServiceName.GATEWAY);
        for (Topic topic : Set.of(Topic.CLUSTERS, Topic.OPERATIONS, Topic.HOSTS, Topic.SECRETS)) {
            assertThat(topic.writers()).containsExactly(ServiceName.PROVISIONER);
        }
    }

    private static Topic readable(Account account) {
        return account == Account.CONSUMER
                ? Topic.EVENTS
                : Set.of(Topic.values()).stream()
                        .filter(topic -> account.service()
                                .filter(topic.readers()::contains)
                                .isPresent())
                        .findFirst()
                        .orElseThrow();
    }

    private static void create() {
        try (Admin admin = Admin.create(ADMIN.common())) {
            new TopicAdmin(admin, SOON).create();
        }
    }

    private static AclBinding right(String principal) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, Topic.COMMANDS.fullName(), PatternType.LITERAL),
                new AccessControlEntry(principal, "*", AclOperation.WRITE, AclPermissionType.ALLOW));
    }

    private static void note(Set<String> done, String what, boolean happened) {
        if (happened) {
            done.add(what);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}

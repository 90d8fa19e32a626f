package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.TuningSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.edge.kafka.JacksonDocuments;
import io.redfleet.provisioner.order.Documents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecReaderTest {

    @Test
    void aNameAndThreeHostsAreEnough() {
        ClusterSpec spec = good(document());
        assertThat(spec.members(InstanceRole.REDIS)).hasSize(3);
        assertThat(spec.members(InstanceRole.SENTINEL)).hasSize(3);
        assertThat(spec.sentinel().quorum()).isEqualTo(2);
        assertThat(spec.sentinel().masterName()).isEqualTo("orders");
        assertThat(spec.sentinel().downAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(spec.durability()).isEqualTo(new Durability(1, Duration.ofSeconds(10)));
        assertThat(spec.bootstrapMaster().value()).isEqualTo("r1");
        assertThat(spec.watch().mode()).isEqualTo(WatchMode.AUTO);
        assertThat(spec.members().getFirst().endpoint()).hasToString("10.0.0.11:6379");
    }

    @Test
    void aKeyAsLongAsADocumentIsShownShortened() {
        Map<String, Object> document = document();
        put(document, "spec." + "x".repeat(100_000), "y");
        List<Violation> violations = ((SpecReader.Bad) SpecReader.read(document)).violations();
        assertThat(violations)
                .hasSize(1)
                .allSatisfy(broken ->
                        assertThat(broken.field()).startsWith("spec.xxx").hasSizeLessThan(210));
    }

    @Test
    void bareOnAndOffOfYamlAreWords() {
        Map<String, Object> document = document();
        put(document, "spec.monit.agent", false);
        put(document, "spec.security.tls", false);
        assertThat(good(document)).isNotNull();
    }

    @Test
    void aMonitOnItsHostsIsAskedForOrThereIsNone() {
        assertThat(good(document()).monit().on()).isFalse();
        Map<String, Object> document = document();
        put(document, "spec.monit.agent", true);
        assertThat(good(document).monit().on()).as("YAML's on").isTrue();
        put(document, "spec.monit.agent", "on");
        assertThat(good(document).monit().on()).isTrue();
        put(document, "spec.service", "systemd");
        assertThat(good(document).monit().on()).as("a unit too").isTrue();
    }

    @Test
    void aNewClusterIsClosedUnlessItsDocumentSaysOtherwiseAndAStandingOneStaysAsItIs() {
        assertThat(good(document()).security().generated()).isTrue();
        Map<String, Object> open = document();
        put(open, "spec.security.acl", false);
        assertThat(good(open).security()).isEqualTo(SecuritySpec.OFF);
        assertThat(((SpecReader.Good) SpecReader.read(document(), SecuritySpec.OFF))
                        .spec()
                        .security())
                .isEqualTo(SecuritySpec.OFF);
    }

    /**
     * Each row breaks one rule: the field that is set ({@code *}: of every host), what to (after {@code #} in JSON, with
     * single quotes), the field named, the value named, words of the rule. Of a key that is not known the key itself is named,
     * and of what may be a secret nothing.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    metadata.name               | Orders          | metadata.name            | Orders          | must match
                    spec.hosts.0.address        | " "             | spec.hosts[0].address    | " "             | must be an IPv4 address
                    metadata.name               | -x              | metadata.name            | -x              | must match
                    metadata.name               | bin             | metadata.name            | bin             | choose another name
                    metadata.labels.a b         | x               | metadata.labels.a b      | x               | label
                    kind                        | Pod             | kind                     | Pod             | one of Cluster
                    apiVersion                  | v1              | apiVersion               | v1              | redfleet.io/v1
                    colour                      | red             | colour                   | colour          | unknown key
                    spec.colour                 | red             | spec.colour              | colour          | unknown key
                    spec.redis.colour           | red             | spec.redis.colour        | colour          | unknown key
                    spec.redis.engine           | mongo           | spec.redis.engine        | mongo           | one of redis, valkey
                    spec.redis.install          | package         | spec.redis.install       | package         | one of present, packages, archive, source
                    spec.redis.source           | x               | spec.redis.source        | x               | install: source alone
                    spec.redis.install          | packages        | spec.redis.install       | packages        | needs service: systemd
                    spec.redis.archive          | x               | spec.redis.archive       | x               | install: archive alone
                    spec.redis.version          | 6.0             | spec.redis.version       | 6.0             | from 6.2
                    spec.redis.version          | 5               | spec.redis.version       | 5               | from 6.2
                    spec.redis.version          | new             | spec.redis.version       | new             | version
                    spec.redis.port             | #0              | spec.redis.port          | 0               | from 1 to 65535
                    spec.redis.port             | #65536          | spec.redis.port          | 65536           | from 1 to 65535
                    spec.redis.port             | 6379            | spec.redis.port          | 6379            | whole number
                    spec.redis.config.dir       | /etc            | spec.redis.config.dir    | dir             | never taken
                    spec.redis.config.loadmodule| /x.so           | spec.redis.config.loadmodule| loadmodule      | never taken
                    spec.redis.config.enable-debug-command| yes             | spec.redis.config.enable-debug-command| enable-debug-command| never taken
                    spec.redis.config.requirepass| x               | spec.redis.config.requirepass| (not shown)     | never taken
                    spec.redis.config.port      | 1               | spec.redis.config.port   | 1               | spec.redis.port
                    spec.redis.config.flubber   | 1               | spec.redis.config.flubber| flubber         | not a directive
                    spec.redis.config.maxmemory | a"b             | spec.redis.config.maxmemory| a"b             | quotes
                    spec.redis.config.maxmemory | 1 2             | spec.redis.config.maxmemory| 1 2             | one value
                    spec.redis.config.save      | "1 1\\nreplicaof 10.0.0.9 1"| spec.redis.config.save   | 1 1\u00b7replicaof 10.0.0.9 1| line breaks
                    spec.durability.minReplicasToWrite| #2              | spec.durability.minReplicasToWrite| 2               | below
                    spec.durability.maxLag      | 1500ms          | spec.durability.maxLag   | 1500ms          | whole seconds
                    spec.durability.maxLag      | soon            | spec.durability.maxLag   | soon            | duration
                    spec.sentinel.quorum        | #4              | spec.sentinel.quorum     | 4               | at most
                    spec.sentinel.masterName    | a*b             | spec.sentinel.masterName | a*b             | letters
                    spec.sentinel.downAfter     | 1ms             | spec.sentinel.downAfter  | 1ms             | from 500ms
                    spec.sentinel.downAfter     | #5              | spec.sentinel.downAfter  | 5               | duration
                    spec.bootstrapMaster        | r9              | spec.bootstrapMaster     | r9              | host
                    spec.service                | upstart         | spec.service             | upstart         | one of process, systemd, sysv
                    spec.tuning.profile         | hard            | spec.tuning.profile      | hard            | one of none, article, recommended
                    spec.tuning.sysctl          | high            | spec.tuning.sysctl       | high            | must be an object
                    spec.tuning.sysctl          | #{'vm.swappiness':101}| spec.tuning.sysctl.vm.swappiness| 101             | from 0 to 100
                    spec.tuning.sysctl          | #{'vm.swappiness':'01'}| spec.tuning.sysctl.vm.swappiness| 01              | from 0 to 100
                    spec.tuning.sysctl          | #{'vm.swappiness':1.5}| spec.tuning.sysctl.vm.swappiness| 1.5             | from 0 to 100
                    spec.tuning.sysctl          | #{'fs.file-max':'65535'}| spec.tuning.sysctl.fs.file-max| 65535           | from 1000000
                    spec.tuning.sysctl          | #{'net.core.somaxconn':'65536'}| spec.tuning.sysctl.net.core.somaxconn| 65536           | from 128 to 65535
                    spec.tuning.sysctl          | #{'net.ipv4.tcp_tw_recycle':'1'}| spec.tuning.sysctl.net.ipv4.tcp_tw_recycle| 1               | never set: it broke clients behind NAT
                    spec.tuning.sysctl          | #{'net.ipv4.tcp_congestion_control':'cubic'}| spec.tuning.sysctl.net.ipv4.tcp_congestion_control| cubic           | left as the kernel has it
                    spec.tuning.sysctl          | #{'kernel.core_pattern':'/x'}| spec.tuning.sysctl.kernel.core_pattern| /x              | not a kernel setting
                    spec.tuning.sysctl          | #{'VM.swappiness':'1'}| spec.tuning.sysctl.VM.swappiness| 1               | not a kernel setting
                    spec.security.acl           | strict          | spec.security.acl        | strict          | one of
                    spec.security.tls           | on              | spec.security.tls        | (not shown)     | must be off, or an object
                    spec.monit.agent            | auto            | spec.monit.agent         | auto            | one of
                    spec.watch.mode             | paused          | spec.watch.mode          | paused          | one of
                    spec.watch.compat           | nagios          | spec.watch.compat        | nagios          | one of
                    spec.watch.canary           | on              | spec.watch.canary        | on              | only off
                    spec.directory              | ../etc          | spec.directory           | ../etc          | must not contain
                    spec.directory              | a b             | spec.directory           | a b             | path
                    spec.hosts                  | r1              | spec.hosts               | r1              | must be a list
                    spec.hosts.0.name           | r2              | spec.hosts[1].name       | r2              | must differ
                    spec.hosts.0.name           | a b             | spec.hosts[0].name       | a b             | letters
                    spec.hosts.0.address        | r1.example      | spec.hosts[0].address    | r1.example      | IPv4
                    spec.hosts.0.address        | 0.0.0.0         | spec.hosts[0].address    | 0.0.0.0         | IPv4
                    spec.hosts.0.address        | 10.0.0.256      | spec.hosts[0].address    | 10.0.0.256      | IPv4
                    spec.hosts.0.address        | 10.0.0.12       | spec.hosts[1].instances  | 10.0.0.12:6379  | same address and port
                    spec.hosts.0.roles          | redis           | spec.hosts[0].roles      | redis           | must be a list
                    spec.hosts.0.ssh.user       | root; rm        | spec.hosts[0].ssh.user   | root; rm        | user name
                    spec.hosts.0.ssh.port       | #0              | spec.hosts[0].ssh.port   | 0               | from 1
                    spec.hosts.0.ssh.credential | ../id           | spec.hosts[0].ssh.credential| (not shown)     | name of a key
                    spec.hosts.0.ssh.hostKey    | abc             | spec.hosts[0].ssh.hostKey| (not shown)     | public key
                    spec.hosts.0.ssh.hostKey    | ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3GE| spec.hosts[0].ssh.hostKey| (not shown)     | whole
                    spec.hosts.0.ssh.hostKey    | ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3G| spec.hosts[0].ssh.hostKey| (not shown)     | whole
                    spec.hosts.0.ssh.hostKey    | ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3GE7S9| spec.hosts[0].ssh.hostKey| (not shown)     | whole
                    spec.hosts.0.ssh.via        | bastion         | spec.hosts[0].ssh.via    | bastion         | user@address:port
                    spec.hosts.0.ssh.via        | ops@bastion:22  | spec.hosts[0].ssh.via    | ops@bastion:22  | user@address:port
                    spec.hosts.0.ssh.via        | 10.0.0.9:22     | spec.hosts[0].ssh.via    | 10.0.0.9:22     | user@address:port
                    spec.hosts.0.ssh.via        | ops@10.0.0.9:0  | spec.hosts[0].ssh.via    | ops@10.0.0.9:0  | user@address:port
                    spec.hosts.0.ssh.via        | ops@10.0.0.9:65536| spec.hosts[0].ssh.via    | ops@10.0.0.9:65536| user@address:port
                    spec.hosts.0.ssh.via        | ops@10.0.0.09   | spec.hosts[0].ssh.via    | ops@10.0.0.09   | user@address:port
                    spec.hosts.0.ssh.via        | a@10.0.0.8,b@10.0.0.9| spec.hosts[0].ssh.via    | a@10.0.0.8,b@10.0.0.9| one jump host
                    spec.hosts.0.ssh.via        | -oX@10.0.0.9    | spec.hosts[0].ssh.via    | -oX@10.0.0.9    | user@address:port
                    spec.hosts.0.ssh.via        | ops@169.254.169.254| spec.hosts[0].ssh.via    | ops@169.254.169.254| never reached
                    spec.hosts.0.ssh.via        | ops@10.0.0.11   | spec.hosts[0].ssh.via    | ops@10.0.0.11   | host itself
                    spec.hosts                  | #[]             | spec.hosts               | []              | at least one host
                    spec.hosts.*.roles          | #['sentinel']   | spec.hosts               | 0 redis instance(s)| must carry a redis
                    spec.hosts.*.roles          | #['redis']      | spec.hosts               | 0 sentinel instance(s)| must carry a sentinel
                    spec.hosts.*.instances      | #[{'role':'redis','replicaPriority':0},{'role':'sentinel'}]| spec.hosts               | 0               | could ever be promoted
                    spec.hosts.0.instances      | #[{'role':'redis','name':'one'},{'role':'sentinel','name':'one'}]| spec.hosts[0].instances  | one             | must differ
                    spec.hosts.0.instances      | #[{'role':'redis','announce':{'ip':'203.0.113.1','port':1}},{'role':'sentinel','announce':{'ip':'203.0.113.1','port':1}}]| spec.hosts[0].instances  | 203.0.113.1:1   | same address and port
                    spec.hosts.0                | #{'name':'r1','address':'10.0.0.11','roles':['redis','sentinel'],'instances':[{'role':'redis'},{'role':'sentinel'}]}| spec.hosts[0].roles      | [redis, sentinel]| not both
                    spec.hosts.0                | #{'name':'r1','address':'r1.example','instances':[{'role':'redis'},{'role':'sentinel'}]}| spec.hosts[0].address    | r1.example      | IPv4
                    spec.hosts.0.address        | 10.0.0.01       | spec.hosts[0].address    | 10.0.0.01       | IPv4
                    spec.hosts.0.address        | 169.254.169.254 | spec.hosts[0].address    | 169.254.169.254 | never reached
                    spec.hosts.0.roles          | #[]             | spec.hosts[0].roles      | []              | at least one instance
                    spec.hosts.0.instances      | #[]             | spec.hosts[0].instances  | []              | at least one instance
                    spec.hosts.0.roles          | #['redis','master']| spec.hosts[0].roles[1]   | master          | one of redis, sentinel
                    spec.hosts.0.zone           | a b             | spec.hosts[0].zone       | a b             | letters
                    spec.hosts.0.directory      | a b             | spec.hosts[0].directory  | a b             | path
                    spec.hosts.0.instances      | #[{'role':'master'}]| spec.hosts[0].instances[0].role| master          | one of redis, sentinel
                    spec.hosts.0.instances      | #[{'name':'Redis'}]| spec.hosts[0].instances[0].name| Redis           | must match
                    spec.hosts.0.instances      | #[{'port':0}]   | spec.hosts[0].instances[0].port| 0               | from 1 to 65535
                    spec.hosts.0.instances      | #[{'port':'6379'}]| spec.hosts[0].instances[0].port| 6379            | whole number
                    spec.hosts.0.instances      | #[{'replicaPriority':-1}]| spec.hosts[0].instances[0].replicaPriority| -1              | from 0
                    spec.hosts.0.instances      | #[{'announce':{'ip':'r1.example'}}]| spec.hosts[0].instances[0].announce.ip| r1.example      | IPv4
                    spec.hosts.0.instances      | #[{'announce':{'ip':''}}]| spec.hosts[0].instances[0].announce.ip| ""              | IPv4
                    spec.hosts.0.instances      | #[{'announce':{'port':65536}}]| spec.hosts[0].instances[0].announce.port| 65536           | from 1 to 65535
                    spec.hosts.0.instances      | #[{'announce':{'host':'r1'}}]| spec.hosts[0].instances[0].announce.host| host            | unknown key
                    spec.hosts.0.instances      | #[{'colour':'red'}]| spec.hosts[0].instances[0].colour| colour          | unknown key
                    spec.sentinel.port          | #0              | spec.sentinel.port       | 0               | from 1 to 65535
                    spec.sentinel.failoverTimeout| 1ms             | spec.sentinel.failoverTimeout| 1ms             | from 1s
                    spec.sentinel.parallelSyncs | #0              | spec.sentinel.parallelSyncs| 0               | from 1 to 100
                    spec.sentinel.quorum        | #0              | spec.sentinel.quorum     | 0               | from 1
                    spec.sentinel.allowWeakQuorum| yes             | spec.sentinel.allowWeakQuorum| yes             | true or false
                    spec.redis.packages         | #{'hold':true}  | spec.redis.packages      | (an object, not shown) | not supported
                    spec.watch.probe            | 1ms             | spec.watch.probe         | 1ms             | from 200ms
                    spec.watch.cycle            | 1ms             | spec.watch.cycle         | 1ms             | from 1s
                    spec.durability.maxLag      | 2h              | spec.durability.maxLag   | 2h              | from 1s to 3600s
                    spec.durability.maxLag      | 0s              | spec.durability.maxLag   | 0s              | from 1s to 3600s
                    metadata.labels             | prod            | metadata.labels          | prod            | must be an object
                    metadata.labels.team        | a b             | metadata.labels.team     | a b             | label
                    metadata.labels.team        | #null           | metadata.labels.team     | null            | a string, a number
                    metadata.labels.team        | #['a']          | metadata.labels.team     | [a]             | a string, a number
                    metadata.acceptRevision     | #-1             | metadata.acceptRevision  | -1              | from 0
                    metadata.acceptRevision     | 5               | metadata.acceptRevision  | 5               | whole number
                    metadata.colour             | red             | metadata.colour          | colour          | unknown key
                    spec.sentinel.colour        | red             | spec.sentinel.colour     | colour          | unknown key
                    spec.durability.colour      | red             | spec.durability.colour   | colour          | unknown key
                    spec.watch.colour           | red             | spec.watch.colour        | colour          | unknown key
                    spec.security.colour        | red             | spec.security.colour     | colour          | unknown key
                    spec.tuning.colour          | red             | spec.tuning.colour       | colour          | unknown key
                    spec.monit.colour           | red             | spec.monit.colour        | colour          | unknown key
                    spec.hosts.0.colour         | red             | spec.hosts[0].colour     | colour          | unknown key
                    spec.hosts.0.ssh.colour     | red             | spec.hosts[0].ssh.colour | colour          | unknown key
                    """)
    void everyRuleIsNamedWithItsFieldAndValue(String field, String value, String named, String told, String words)
            throws Documents.NotJson {
        Map<String, Object> document = document();
        Object parsed = value(value);
        for (int host = 0; host < 3; host++) {
            put(document, field.replace("*", String.valueOf(host)), parsed);
        }
        assertThat(bad(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo(named);
            assertThat(violation.value()).isEqualTo(told);
            assertThat(violation.rule()).contains(words);
        });
    }

    @Test
    void aJumpHostIsKeptWithItsPort() throws Documents.NotJson {
        Map<String, Object> document = document();
        put(document, "spec.hosts.0.ssh.via", "ops@10.0.0.9");
        put(document, "spec.hosts.1.ssh.via", "ops@10.0.0.9:2222");
        assertThat(good(document).hosts())
                .extracting(host -> String.valueOf(host.ssh().via()))
                .containsExactly("ops@10.0.0.9:22", "ops@10.0.0.9:2222", "null");
    }

    /** The gateway reads them so too: SpecsTest there has the same rows. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    'prod'   | prod
                    true     | true
                    false    | false
                    7        | 7
                    7.0      | 7.0
                    1.10     | 1.10
                    1E-400   | 1E-400
                    0.12345678901234567890123 | 0.12345678901234567890123
                    12345678901234567890123   | 12345678901234567890123
                    """)
    void aLabelIsTheTextThatItsCallerWasJudgedBy(String json, String text) throws Documents.NotJson {
        Map<String, Object> document = document();
        put(document, "metadata.labels.env", value("#" + json));
        assertThat(good(document).labels()).containsExactly(Map.entry("env", text));
    }

    @Test
    void valuesOfDirectivesAreTheWordsOfRedisAndNothingIsTheEmptyText() throws Documents.NotJson {
        Map<String, Object> document = document();
        put(document, "spec.redis.config", value("#{'appendonly':true,'activedefrag':false,'save':null,'hz':10}"));
        put(document, "spec.hosts.0.zone", value("#1.10"));
        assertThat(good(document).redis().config())
                .containsOnly(
                        Map.entry("appendonly", "yes"),
                        Map.entry("activedefrag", "no"),
                        Map.entry("save", ""),
                        Map.entry("hz", "10"));
        assertThat(good(document).hosts().getFirst().zone()).isEqualTo("1.1");
    }

    @Test
    void aMachineIsLeftAsItIsUnlessTheSpecSaysOtherwise() throws Documents.NotJson {
        Map<String, Object> document = document();
        assertThat(good(document).tuning()).isEqualTo(TuningSpec.NONE);
        put(document, "spec.tuning.profile", "none");
        assertThat(good(document).tuning().wanted()).isFalse();
        put(document, "spec.tuning.sysctl", value("#{'net.core.somaxconn':'4096','vm.swappiness':10}"));
        assertThat(good(document).tuning())
                .isEqualTo(new TuningSpec(
                        TuningSpec.Profile.NONE, Map.of("net.core.somaxconn", "4096", "vm.swappiness", "10")));
        put(document, "spec.tuning.profile", "article");
        assertThat(good(document).tuning().profile()).isEqualTo(TuningSpec.Profile.ARTICLE);
    }

    @Test
    void aWholeHostKeyIsTaken() {
        String key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3GE7S9";
        Map<String, Object> document = document();
        put(document, "spec.hosts.0.ssh.hostKey", key);
        assertThat(good(document).hosts().getFirst().ssh().hostKey()).isEqualTo(key);
    }

    @Test
    void twoSentinelsNeedTheWordThatAcceptsThem() {
        Map<String, Object> document = document();
        put(document, "spec.hosts.2.roles", List.of("redis"));
        assertThat(bad(document))
                .singleElement()
                .satisfies(violation -> assertThat(violation.rule()).contains("allowWeakQuorum"));
        put(document, "spec.sentinel.allowWeakQuorum", true);
        assertThat(good(document).sentinel().quorum()).isEqualTo(2);
    }

    @Test
    void allRulesAreCollectedAtOnce() {
        Map<String, Object> document = document();
        put(document, "spec.redis.port", 0);
        put(document, "spec.service", "upstart");
        put(document, "spec.hosts.1.address", "nowhere");
        assertThat(bad(document)).hasSize(3);
    }

    @Test
    void whatIsNoObjectAtAllIsRefusedNotThrown() {
        assertThat(bad(null)).isNotEmpty();
        assertThat(bad("text")).isNotEmpty();
        assertThat(bad(List.of(1, 2))).isNotEmpty();
        assertThat(bad(Map.of("metadata", 1, "spec", Map.of("hosts", List.of(1, "x")))))
                .isNotEmpty();
    }

    @Test
    void redisIsWhatAHostHasUnlessPackagesAreToBringIt() {
        Map<String, Object> document = document();
        assertThat(good(document).redis().install()).isEqualTo("present");
        assertThat(good(document).redis().packaged()).isFalse();
        put(document, "spec.service", "systemd");
        put(document, "spec.redis.install", "packages");
        assertThat(good(document).redis().packaged()).isTrue();
    }

    @Test
    void processesAreTheUsersOwnUnlessSystemdIsToRunThem() {
        assertThat(good(document()).service()).isEqualTo("process");
        assertThat(good(document()).runsOnSystemd()).isFalse();
        assertThat(good(document()).hosts())
                .allSatisfy(host -> assertThat(host.directory()).isEqualTo("redfleet"));
        Map<String, Object> document = document();
        put(document, "spec.service", "systemd");
        assertThat(good(document).service()).isEqualTo("systemd");
        assertThat(good(document).runsOnSystemd()).isTrue();
        assertThat(good(document).hosts())
                .allSatisfy(host -> assertThat(host.directory()).isEqualTo("/var/lib/redfleet"));
        put(document, "spec.directory", "/srv/redis");
        put(document, "spec.hosts.1.directory", "/srv/r2");
        assertThat(good(document).hosts())
                .extracting(HostSpec::directory)
                .containsExactly("/srv/redis", "/srv/r2", "/srv/redis");
    }

    /** As of the user's own processes, whose directories may be these. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spec.directory        | redfleet       | must be absolute with service: systemd
            spec.hosts.2.directory| ops/redis      | must be absolute with service: systemd
            spec.directory        | /home/ops/redis| must not be below /home
            spec.directory        | /home          | must not be below /home
            spec.hosts.2.directory| /root/redis    | must not be below /home, /root
            spec.directory        | /run/redis     | must not be below
            spec.directory        | /srv/./redis   | must not contain /./
            spec.hosts.2.directory| /./tmp/redis   | must not contain /./
            spec.directory        | /srv/.         | must not contain /./
            spec.directory        | /tmp/redis     | must not be below
            spec.directory        | /var/tmp/redis | must not be below
            spec.directory        | /dev/shm/redis | must not be below
            spec.directory        | /proc/redis    | must not be below
            spec.directory        | /sys/redis     | must not be below
            """)
    void whatAUnitCannotHaveIsRefused(String field, String value, String rule) {
        Map<String, Object> document = document();
        put(document, field, value);
        assertThat(good(document)).isNotNull();
        put(document, "spec.service", "systemd");
        assertThat(bad(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo(field.replace(".2.", "[2]."));
            assertThat(violation.value()).isEqualTo(value);
            assertThat(violation.rule()).contains(rule);
        });
    }

    @Test
    void aDirectoryThatOnlyBeginsLikeOneOfThoseIsTaken() {
        Map<String, Object> document = document();
        put(document, "spec.service", "systemd");
        put(document, "spec.directory", "/home2/redis");
        assertThat(good(document).hosts().getFirst().directory()).isEqualTo("/home2/redis");
    }

    @Test
    void aSentinelMayAnnounceAnotherAddressAndInstancesHavePortsOfTheirOwn() {
        Map<String, Object> document = document();
        put(
                document,
                "spec.hosts.0.instances",
                List.of(
                        Map.of("role", "redis", "port", 7001, "replicaPriority", 10),
                        Map.of("role", "sentinel", "port", 7002, "announce", Map.of("ip", "203.0.113.11"))));
        ClusterSpec spec = good(document);
        assertThat(spec.members().get(0).endpoint()).hasToString("10.0.0.11:7001");
        assertThat(spec.members().get(1).announce()).hasToString("203.0.113.11:7002");
    }

    private static @Nullable Object value(String text) throws Documents.NotJson {
        return text.startsWith("#")
                ? new JacksonDocuments().parse(text.substring(1).replace('\'', '"'))
                : text.replace("\\n", "\n");
    }

    static Map<String, Object> document() {
        List<Object> hosts = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            hosts.add(new LinkedHashMap<>(Map.of("name", "r" + i, "address", "10.0.0.1" + i)));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("metadata", new LinkedHashMap<>(Map.of("name", "orders")));
        document.put("spec", new LinkedHashMap<>(Map.of("hosts", hosts)));
        return document;
    }

    @SuppressWarnings("unchecked") // the test builds the tree itself
    static void put(Map<String, Object> document, String path, @Nullable Object value) {
        Object at = document;
        String[] keys = path.split("\\.(?=[a-zA-Z0-9])", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            at = at instanceof List<?> list
                    ? list.get(Integer.parseInt(keys[i]))
                    : ((Map<String, Object>) at).computeIfAbsent(keys[i], key -> new LinkedHashMap<>());
        }
        String last = keys[keys.length - 1];
        if (at instanceof List<?> list) {
            ((List<@Nullable Object>) list).set(Integer.parseInt(last), value);
        } else {
            ((Map<String, @Nullable Object>) at).put(last, value);
        }
    }

    /** The host list of a document that {@link #document} made. */
    static List<?> hosts(Map<String, Object> document) {
        Map<?, ?> spec = (Map<?, ?>) Objects.requireNonNull(document.get("spec"));
        return (List<?>) Objects.requireNonNull(spec.get("hosts"));
    }

    static ClusterSpec good(Object document) {
        SpecReader.Reading reading = SpecReader.read(document);
        assertThat(reading).isInstanceOf(SpecReader.Good.class);
        return ((SpecReader.Good) reading).spec();
    }

    private static List<Violation> bad(@Nullable Object document) {
        SpecReader.Reading reading = SpecReader.read(document);
        assertThat(reading).isInstanceOf(SpecReader.Bad.class);
        return ((SpecReader.Bad) reading).violations();
    }
}

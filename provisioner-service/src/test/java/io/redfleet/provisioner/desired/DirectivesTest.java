package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.wire.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs code, names a file, opens a door or decides a role never comes from a spec, however it is written. */
class DirectivesTest {
    /** Cyrillic and Greek letters, and a dotless i, that look like Latin ones. */
    private static final Map<Character, Character> LOOKS_LIKE = Map.of(
            'a', '\u0430', 'c', '\u0441', 'e', '\u0435', 'i', '\u0131', 'o', '\u03bf', 'p', '\u0440', 's', '\u0455',
            'u', '\u057d');

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loadmodule",
                "dir",
                "dbfilename",
                "appendfilename",
                "appenddirname",
                "logfile",
                "pidfile",
                "unixsocket",
                "unixsocketperm",
                "aclfile",
                "include",
                "enable-debug-command",
                "enable-protected-configs",
                "enable-module-command",
                "rename-command",
                "bind",
                "port",
                "replicaof",
                "slaveof",
                "user",
                "requirepass",
                "masterauth",
                "masteruser",
                "primaryauth",
                "primaryuser",
                "init-script",
                "client-reconfig-script",
                "notification-script",
                "daemonize",
                "supervised",
                "protected-mode",
                "tls-port",
                "tls-key-file",
                "cluster-enabled",
                "cluster-config-file",
                "syslog-enabled",
                "set-proc-title",
                "proc-title-template",
                "replica-announce-ip",
                "bind-source-addr",
                "crash-log-enabled",
                "oom-score-adj",
                "always-show-logo",
                "server_cpulist",
                "rdb-key-save-delay",
                "propagation-error-behavior"
            })
    void aForbiddenNameIsRefusedInEverySpelling(String name) {
        for (String spelling : spellings(name)) {
            List<Violation> broken = judged(spelling, "yes");
            assertThat(broken).as("[%s]", spelling).isNotEmpty();
            assertThat(broken)
                    .allSatisfy(violation -> assertThat(violation.field()).startsWith("spec.redis.config"));
        }
        // And no value makes it acceptable.
        for (String value : List.of("", "no", "0", "none", "default")) {
            assertThat(judged(name, value)).as(name + " " + value).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "512mb\nloadmodule /tmp/x.so",
                "512mb\rloadmodule /tmp/x.so",
                "512mb\r\n",
                "512mb\u0000",
                "512mb\u0085dir /",
                "512mb\u2028dir /",
                "512mb\u2029dir /",
                "512mb\u000bdir /",
                "512mb\u000cdir /",
                "512mb \"x\"",
                "512mb 'x'",
                "512mb\\",
                "512mb dir /tmp",
                "\u00a0512mb\u00a0x"
            })
    void noValueHoldsASecondDirective(String value) {
        assertThat(judged("maxmemory", value)).as(value).isNotEmpty();
        assertThat(judged("save", value)).as(value).isNotEmpty();
    }

    @Test
    void snapshotsAreSaidInPairs() {
        for (String good : List.of("", "900 1", "900 1 300 10", "3600  1")) {
            assertThat(judged("save", good)).as(good).isEmpty();
        }
        for (String bad : List.of("900", "900 1 300", "900 one", "-1 1", "none")) {
            assertThat(judged("save", bad)).as(bad).isNotEmpty();
        }
    }

    @Test
    void anAllowedNameIsTakenInItsPlainSpellingOnly() {
        assertThat(judged("maxmemory", "512mb")).isEmpty();
        for (String spelling : spellings("maxmemory")) {
            if (!spelling.equals("maxmemory")) {
                assertThat(judged(spelling, "512mb")).as("[%s]", spelling).isNotEmpty();
            }
        }
        assertThat(judged("MaxMemory", "512mb").getFirst().rule()).isEqualTo("write it as maxmemory");
    }

    @Test
    void aForbiddenNameIsCalledSoWhateverItsCaseAndBlanks() {
        for (String spelling : List.of("LOADMODULE", " loadmodule", "loadmodule\u00a0", "\uff4coadmodule")) {
            assertThat(judged(spelling, "x").getFirst().rule()).as(spelling).contains("never taken");
        }
    }

    @Test
    void whatMayBeASecretIsNotShown() {
        String secret = "hunter2-hunter2";
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.hosts.0.ssh.credential", "-----BEGIN PRIVATE KEY-----" + secret);
        SpecReaderTest.put(document, "spec.hosts.1.ssh.hostKey", secret);
        SpecReaderTest.put(document, "spec.hosts.2.ssh.password", secret);
        SpecReaderTest.put(document, "spec.redis.config.requirepass", secret + "\n");
        SpecReaderTest.put(document, "spec.redis.config.masterauth", List.of(secret));
        SpecReaderTest.put(document, "spec.redis.config.user", "default on >" + secret + "\n");
        SpecReaderTest.put(document, "spec.security.password", Map.of("x", secret));
        List<Violation> broken = ((SpecReader.Bad) SpecReader.read(document)).violations();
        assertThat(broken).hasSizeGreaterThanOrEqualTo(7);
        assertThat(broken.toString()).doesNotContain("hunter2");
    }

    private static List<String> spellings(String name) {
        List<String> spellings = new ArrayList<>(List.of(
                name,
                name.toUpperCase(Locale.ROOT),
                name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1),
                " " + name,
                "\t" + name,
                name + " ",
                name + " x",
                name + "\n",
                "\n" + name,
                name + "\u0000",
                "\u200b" + name,
                "\ufeff" + name,
                "\u00a0" + name,
                "\"" + name + "\"",
                "'" + name + "'",
                "#" + name,
                "maxmemory 1\n" + name));
        String alike = changed(name, letter -> LOOKS_LIKE.getOrDefault(letter, letter));
        if (!alike.equals(name)) {
            spellings.add(alike);
        }
        spellings.add(
                changed(name, letter -> letter >= 'a' && letter <= 'z' ? (char) (letter - 'a' + 0xff41) : letter));
        return spellings;
    }

    /** Found by the spec, not by an instance that was stopped for it. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "databases, 0",
        "databases, many",
        "databases, 016",
        "databases, 1000000",
        "tcp-backlog, -1",
        "io-threads, 129",
        "io-threads, 0",
        "disable-thp, maybe",
        "rdbchecksum, 1",
    })
    void whatCannotBeReadAtAStartIsRefused(String name, String value) {
        assertThat(judged(name, value))
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("spec.redis.config." + name));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "databases, 1",
        "databases, 999999",
        "tcp-backlog, 0",
        "tcp-backlog, 65535",
        "io-threads, 1",
        "io-threads, 128",
        "io-threads-do-reads, yes",
        "disable-thp, no",
    })
    void whatCanBeReadAtAStartIsTaken(String name, String value) {
        assertThat(judged(name, value)).isEmpty();
    }

    private static String changed(String name, UnaryOperator<Character> letter) {
        return name.chars()
                .mapToObj(c -> String.valueOf(letter.apply((char) c)))
                .collect(Collectors.joining());
    }

    private static List<Violation> judged(String name, String value) {
        Map<String, Object> document = SpecReaderTest.document();
        Map<String, Object> config = new java.util.LinkedHashMap<>();
        config.put(name, value);
        SpecReaderTest.put(document, "spec.redis", Map.of("config", config));
        return SpecReader.read(document) instanceof SpecReader.Bad bad ? bad.violations() : List.of();
    }
}

package io.redfleet.provisioner.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.provisioner.tuning.HostTuning.HugePages;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostFilesTest {
    private static final ClusterUid OWNER = new ClusterUid("0f3c2a1e-uid");

    @Test
    void theFirstLineSaysWhoseItIsAndEverySettingHasALine() {
        List<String> lines = HostFiles.sysctl(
                OWNER,
                new TreeMap<>(Map.of("vm.swappiness", "1", "net.core.somaxconn", "4096", "fs.file-max", "1000000")));
        assertThat(lines.getFirst()).isEqualTo("# redfleet-owner: 0f3c2a1e-uid");
        assertThat(lines)
                .filteredOn(line -> !line.startsWith("#"))
                .containsExactly("fs.file-max = 1000000", "net.core.somaxconn = 4096", "vm.swappiness = 1");
    }

    @Test
    void theUnitRunsOnceBeforeRedisAndLeavesNeverAsItIs() {
        List<String> lines = HostFiles.hugePages(OWNER, HugePages.MADVISE);
        assertThat(lines)
                .startsWith("# redfleet-owner: 0f3c2a1e-uid")
                .contains("Type=oneshot", "WantedBy=basic.target")
                .anyMatch(line -> line.startsWith("Before=") && line.contains("redis-server.service"))
                .contains("ExecStart=/bin/sh -c 'grep -qF \"[never]\" /sys/kernel/mm/transparent_hugepage/enabled"
                        + " || echo madvise >/sys/kernel/mm/transparent_hugepage/enabled'");
        assertThat(HostFiles.hugePages(OWNER, HugePages.NEVER)).anyMatch(line -> line.contains("echo never >"));
    }

    @Test
    void theLimitsAreOfRedisAlone() {
        assertThat(HostFiles.limits(OWNER, 65_535))
                .startsWith("# redfleet-owner: 0f3c2a1e-uid")
                .filteredOn(line -> !line.startsWith("#"))
                .containsExactly("redis soft nofile 65535", "redis hard nofile 65535");
    }

    @Test
    void aFileIsKnownByWhatSha256sumSaysOfIt() {
        assertThat(HostFiles.hash(List.of("a", "b")))
                .as("printf 'a\\nb\\n' | sha256sum")
                .isEqualTo("911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\nkernel.core_pattern = |/tmp/x",
                "1\r",
                "1 2",
                "",
                "-1",
                "1#",
                "1;",
                "$(id)",
                "1\u2028",
                "1\u0085",
                "\u0661"
            })
    void noValueBreaksOut(String value) {
        assertThatThrownBy(() -> HostFiles.sysctl(OWNER, new TreeMap<>(Map.of("vm.swappiness", value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("core_pattern");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a b.c",
                "a.b\nkernel.core_pattern",
                "a.b = 1\nc.d",
                "../a.b",
                "a.b/c",
                "-a..b",
                "# a.b",
                "A.b"
            })
    void noKeyBreaksOut(String key) {
        assertThatThrownBy(() -> HostFiles.sysctl(OWNER, new TreeMap<>(Map.of(key, "1"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"u\nkernel.core_pattern = x", "u v", " u", "u\r", "-u", "u'", "u$(id)", "u\u2028v"})
    void noOwnerBreaksOut(String uid) {
        ClusterUid owner = new ClusterUid(uid);
        assertThatThrownBy(() -> HostFiles.sysctl(owner, new TreeMap<>(Map.of("vm.swappiness", "1"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HostFiles.hugePages(owner, HugePages.NEVER))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HostFiles.limits(owner, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}

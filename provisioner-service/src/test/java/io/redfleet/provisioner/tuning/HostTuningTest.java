package io.redfleet.provisioner.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.TuningSpec;
import io.redfleet.contracts.cluster.TuningSpec.Profile;
import io.redfleet.provisioner.tuning.HostTuning.HugePages;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostTuningTest {
    @Test
    void theArticlesValuesAreTheArticlesWithoutWhatHarms() {
        HostTuning article = HostTuning.of(new TuningSpec(Profile.ARTICLE, Map.of()));
        assertThat(article.sysctl())
                .containsOnly(
                        Map.entry("vm.overcommit_memory", "1"),
                        Map.entry("vm.swappiness", "0"),
                        Map.entry("net.core.somaxconn", "65535"),
                        Map.entry("net.ipv4.tcp_max_syn_backlog", "65535"),
                        Map.entry("net.ipv4.tcp_sack", "1"),
                        Map.entry("net.ipv4.tcp_timestamps", "1"),
                        Map.entry("net.ipv4.tcp_window_scaling", "1"),
                        Map.entry("net.ipv4.tcp_syncookies", "1"));
        assertThat(article.hugePages()).contains(HugePages.NEVER);
        assertThat(article.openFiles()).contains(65_535);
    }

    @Test
    void whatIsRecommendedIsForAHostOfToday() {
        HostTuning recommended = HostTuning.of(new TuningSpec(Profile.RECOMMENDED, Map.of()));
        assertThat(recommended.sysctl())
                .containsOnly(
                        Map.entry("vm.overcommit_memory", "1"),
                        Map.entry("vm.swappiness", "1"),
                        Map.entry("net.core.somaxconn", "4096"),
                        Map.entry("net.ipv4.tcp_max_syn_backlog", "4096"),
                        Map.entry("fs.file-max", "1000000"));
        assertThat(recommended.hugePages()).contains(HugePages.MADVISE);
        assertThat(recommended.openFiles()).contains(65_535);
    }

    @Test
    void withoutAProfileNothingIsSetButWhatIsNamed() {
        HostTuning named = HostTuning.of(new TuningSpec(Profile.NONE, Map.of("vm.swappiness", "10")));
        assertThat(named.sysctl()).containsOnly(Map.entry("vm.swappiness", "10"));
        assertThat(named.hugePages()).isEmpty();
        assertThat(named.openFiles()).isEmpty();
        assertThat(HostTuning.of(TuningSpec.NONE).sysctl()).isEmpty();
    }

    @Test
    void whatASpecNamesStandsInPlaceOfTheProfiles() {
        Map<String, String> own = Map.of("vm.swappiness", "10", "net.ipv4.tcp_tw_reuse", "2");
        assertThat(HostTuning.of(new TuningSpec(Profile.RECOMMENDED, own)).sysctl())
                .containsEntry("vm.swappiness", "10")
                .containsEntry("net.ipv4.tcp_tw_reuse", "2")
                .containsEntry("vm.overcommit_memory", "1");
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void everyValueOfAProfileIsOneThatASpecMayName(Profile profile) {
        HostTuning.of(new TuningSpec(profile, Map.of()))
                .sysctl()
                .forEach((key, value) -> assertThat(KernelKey.of(key).map(known -> known.takes(value)))
                        .as(key)
                        .contains(true));
    }
}

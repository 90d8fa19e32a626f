package io.redfleet.provisioner.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelKeyTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            vm.overcommit_memory         | 0       | 2
            vm.swappiness                | 0       | 100
            net.core.somaxconn           | 128     | 65535
            net.ipv4.tcp_max_syn_backlog | 128     | 65535
            net.ipv4.tcp_sack            | 0       | 1
            net.ipv4.tcp_syncookies      | 0       | 2
            fs.file-max                  | 1000000 | 1000000000
            """)
    void aKeyTakesItsRangeAndNothingBeyond(String name, long least, long most) {
        KernelKey key = KernelKey.of(name).orElseThrow();
        assertThat(key.takes("" + least)).isTrue();
        assertThat(key.takes("" + most)).isTrue();
        assertThat(key.takes("" + (least - 1))).isFalse();
        assertThat(key.takes("" + (most + 1))).isFalse();
        assertThat(key.rule()).contains("from " + least + " to " + most);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 1",
                "1 ",
                "+1",
                "-1",
                "01",
                "1.0",
                "0x1",
                "1\n",
                "1\nkernel.core_pattern = |/bin/sh",
                "1;2",
                "\u0661",
                "99999999999999999999"
            })
    void nothingButAPlainNumberIsAValue(String value) {
        for (String name : KernelKey.names()) {
            assertThat(KernelKey.of(name).map(key -> key.takes(value))).as(name).contains(false);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "net.ipv4.tcp_tw_recycle",
                "kernel.core_pattern",
                "vm.swappiness ",
                "VM.swappiness",
                "vm/swappiness",
                "",
                "vm.swappiness\nkernel.core_pattern",
                "net.ipv4.tcp_congestion_control",
                "kernel.modules_disabled"
            })
    void whatIsNotOnTheListIsNotKnown(String name) {
        assertThat(KernelKey.of(name)).isEqualTo(Optional.empty());
        assertThat(KernelKey.refusal(name)).isNotBlank();
    }

    @Test
    void theRecyclingOfConnectionsIsRefusedWithTheReason() {
        assertThat(KernelKey.refusal("net.ipv4.tcp_tw_recycle")).contains("never set", "NAT", "4.12");
    }

    @ParameterizedTest
    @CsvSource({
        "fs.file-max,        1000000, 999999,              false",
        "fs.file-max,        1000000, 1000000,             true",
        "fs.file-max,        1000000, 9223372036854775807, true",
        "fs.file-max,        1000000, '',                  false",
        "net.core.somaxconn, 4096,    65535,               true",
        "net.core.somaxconn, 4096,    none,                false",
        "vm.swappiness,      1,       60,                  false",
        "vm.swappiness,      1,       1,                   true",
    })
    void moreIsEnoughWhereMoreIsNeverWorse(String name, String wanted, String found, boolean enough) {
        assertThat(KernelKey.of(name).orElseThrow().satisfied(wanted, found)).isEqualTo(enough);
    }
}

package io.redfleet.monitor.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void headingsAndEmptyLinesAreNoFields() {
        Figures figures = Figures.parse("# Server\r\nrun_id:abc\r\n\r\nuptime_in_seconds:17\r\nslave0:ip=1,port=2\r\n");

        assertThat(figures.fields()).containsOnlyKeys("run_id", "uptime_in_seconds", "slave0");
        assertThat(figures.runId()).isEqualTo("abc");
        assertThat(figures.uptimeSeconds()).isEqualTo(17);
        assertThat(figures.fields().get("slave0")).isEqualTo("ip=1,port=2");
    }

    @Test
    void whatIsMissingOrNoNumberHasItsDefault() {
        Figures figures = Figures.parse("uptime_in_seconds:soon\n");

        assertThat(figures.uptimeSeconds()).isEqualTo(-1);
        assertThat(figures.loadingEtaSeconds()).isEqualTo(-1);
        assertThat(figures.runId()).isEmpty();
        assertThat(figures.saving()).isFalse();
        assertThat(Figures.parse("aof_rewrite_in_progress:1").saving()).isTrue();
    }
}

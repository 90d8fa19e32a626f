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

    /** It ends in events and records, and a record that is too long reaches nobody. */
    @Test
    void whatNoRedisSaysInGoodFaithIsCut() {
        Figures figures = Figures.parse("run_id:" + "f".repeat(2_000_000) + "\r\nrole:master\r\n");

        assertThat(figures.runId()).hasSize(1_000);
        assertThat(figures.fields()).containsEntry("role", "master");
        assertThat(Reply.ofError("X".repeat(60_000))).isEqualTo(new Reply.Defective("X".repeat(Reply.MOST_CHARS)));
    }
}

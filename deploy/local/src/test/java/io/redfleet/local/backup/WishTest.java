package io.redfleet.local.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.local.Ports;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WishTest {
    @Test
    void allThatCanBeSaidIsUnderstood() {
        Wish wish = of("--port-offset=20", "/x/f", "--with-keys", "--confirm", "replace");
        assertThat(wish.file()).isEqualTo(Path.of("/x/f"));
        assertThat(wish.keys()).isTrue();
        assertThat(wish.confirm()).isEqualTo("replace");
        assertThat(wish.ports()).isEqualTo(new Ports(20));
        Wish elsewhere = of("f", "--bootstrap", "k1:9092,k2:9092", "--client=/c");
        assertThat(elsewhere.bootstrap()).contains("k1:9092,k2:9092");
        assertThat(elsewhere.client()).contains(Path.of("/c"));
        assertThat(elsewhere.keys()).isFalse();
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                Arguments.of(new String[] {}, "names one file, not 0"),
                Arguments.of(new String[] {"a", "b"}, "names one file, not 2"),
                Arguments.of(new String[] {"a", "--with-key"}, "no such option: --with-key"),
                Arguments.of(new String[] {"a", "--confirm"}, "--confirm needs a value"),
                Arguments.of(new String[] {"a", "--client", "c"}, "--client goes with --bootstrap"),
                Arguments.of(new String[] {"a", "--with-keys", "--bootstrap", "k:1"}, "not of --bootstrap"));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseIsRefusedWithWhatIsWrong(String[] arguments, String reason) {
        assertThatThrownBy(() -> of(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    private static Wish of(String... arguments) {
        return Wish.of(arguments, Map.of());
    }
}

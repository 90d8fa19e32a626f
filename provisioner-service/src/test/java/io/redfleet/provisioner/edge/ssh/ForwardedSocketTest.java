package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose fault it is that no channel was opened. */
class ForwardedSocketTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1  | false | true  | J lets nobody through to 10.0.0.11:22: its sshd forbids it
            1  | true  | true  | J lets nobody through to 10.0.0.11:22: its sshd forbids it
            2  | false | false | J could not connect to 10.0.0.11:22
            2  | true  | false | J could not connect to 10.0.0.11:22
            3  | false | true  | J opened no way to 10.0.0.11:22: reason 3
            4  | false | true  | J opened no way to 10.0.0.11:22: reason 4
            -1 | false | false | J found no answer at 10.0.0.11:22 within 10 s
            -1 | true  | true  | J gave no answer: nothing was heard of it for 10 s
            """)
    void aJumpHostsReasonSaysWhoseFaultItIs(int code, boolean silent, boolean ofJump, String says) throws Exception {
        ForwardedSocket.Target target =
                new ForwardedSocket.Target(InetAddress.getByName("10.0.0.11"), 22, Duration.ofSeconds(10));
        ForwardedSocket.Unopened unopened = ForwardedSocket.unopened("J", code, target, silent);
        assertThat(unopened.isOfJump()).isEqualTo(ofJump);
        assertThat(unopened.said()).startsWith(says);
    }
}

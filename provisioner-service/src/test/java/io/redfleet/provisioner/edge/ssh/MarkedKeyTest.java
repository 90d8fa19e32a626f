package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of known_hosts that are an admin's. */
class MarkedKeyTest {
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3GE7S9";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *                          | 10.0.0.1 | 22   | true
            10.0.0.1                   | 10.0.0.1 | 22   | true
            10.0.0.1                   | 10.0.0.1 | 2222 | true
            10.0.0.1                   | 10.0.0.11| 22   | false
            10.0.0.1                   | 10a0b0c1 | 22   | false
            10.0.0.?                   | 10.0.0.1 | 22   | true
            10.0.0.?                   | 10.0.0.11| 22   | false
            10.0.*                     | 10.0.7.1 | 22   | true
            10.0.*                     | 10.1.0.1 | 22   | false
            [10.0.0.1]:2222            | 10.0.0.1 | 2222 | true
            [10.0.0.1]:2222            | 10.0.0.1 | 22   | false
            [10.0.0.*]:2222            | 10.0.0.9 | 2222 | true
            10.1.0.1,10.0.0.1          | 10.0.0.1 | 22   | true
            10.0.*,!10.0.0.1           | 10.0.0.1 | 22   | false
            !10.0.0.1,10.0.*           | 10.0.0.1 | 22   | false
            10.0.*,!10.0.0.1           | 10.0.0.2 | 22   | true
            !10.0.0.1                  | 10.0.0.2 | 22   | false
            """)
    void aPatternIsOfAddressesOrOfOnePort(String patterns, String address, int port, boolean is) {
        assertThat(MarkedKey.read("@cert-authority " + patterns + " " + KEY + " of the admin")
                        .isOf(address, port))
                .isEqualTo(is);
    }

    @Test
    void aMarkIsOneOfTwo() {
        assertThat(MarkedKey.read("@revoked\t*\t" + KEY).isRevoked()).isTrue();
        assertThat(MarkedKey.read("@cert-authority * " + KEY).isRevoked()).isFalse();
        assertThat(MarkedKey.read("@cert-authority * " + KEY).key()).isEqualTo(KEY);
    }

    @Test
    void aKeyIsComparedWithItsPaddingThoughItIsWrittenWithout() {
        String padded = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQM=";
        assertThat(MarkedKey.read("@revoked * " + padded).key()).isEqualTo(padded);
        assertThat(MarkedKey.read("@revoked * " + padded.replace("=", "")).key())
                .isEqualTo(padded);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            @cert-authorities * ssh-ed25519 AAAA | is no mark
            @cert-authority                      | takes addresses, a type and a key
            @cert-authority * ssh-ed25519        | takes addresses, a type and a key
            @cert-authority * ssh-ed25519 A!     | Illegal base64
            @cert-authority * ssh-ed25519 AAAA   | not of type
            @revoked 10.0.0.1 ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3GE7S9 | not of type
            """)
    void aLineThatIsNotUnderstoodIsNotPassedOver(String line, String says) {
        assertThatThrownBy(() -> MarkedKey.read(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says);
    }

    @Test
    void aHashedNameIsNotUnderstood() {
        assertThatThrownBy(() -> MarkedKey.read("@revoked |1|abc=|def= " + KEY)).hasMessageContaining("hashed");
    }
}

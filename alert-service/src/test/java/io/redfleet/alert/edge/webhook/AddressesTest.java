package io.redfleet.alert.edge.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,       true,  false",
        "127.9.9.9,       true,  false",
        "::1,             true,  false",
        "::ffff:127.0.0.1,true,  false",
        "169.254.169.254, true,  true",
        "::ffff:169.254.169.254, true, true",
        "fe80::1,         true,  true",
        "0.0.0.0,         true,  true",
        "::,              true,  true",
        "224.0.0.1,       true,  true",
        "10.1.2.3,        false, false",
        "203.0.113.9,     false, false",
        "2001:db8::1,     false, false"
    })
    void onlyLoopbackCanBeAllowed(String address, boolean refusedUsually, boolean refusedAlways)
            throws UnknownHostException {
        InetAddress literal = InetAddress.getByName(address);
        assertThat(new Addresses(false).forbids(literal).isPresent()).isEqualTo(refusedUsually);
        assertThat(new Addresses(true).forbids(literal).isPresent()).isEqualTo(refusedAlways);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://host/x", "file:///etc/passwd", "//host/x", "https://user:word@host/x", "http:///x"})
    void aUrlThatIsNoPlainWebAddressIsRefusedAtTheStart(String url) {
        assertThatThrownBy(() -> new Webhook.Target(URI.create(url), null, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSecretIsNeverShown() {
        assertThat(new Webhook.Target(URI.create("https://host/x"), new Secret("s3cret"), Duration.ofSeconds(1)))
                .asString()
                .doesNotContain("s3cret");
    }
}

package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoProxyTest {
    private static final String LIST =
            "foobar.com, .barbaz.net, *.wildcard.io, 192.168.1.1, 192.168.1.2:81, 192.168.1.3:80,"
                    + " 10.0.0.0/30, 2001:db8::52:0:1, [2001:db8::52:0:2]:443,"
                    + " [2001:db8::52:0:3]:80, [2001:db8::52:0:4], 2002:db8:a::45/64, PORT.com:80,"
                    + " other.com:81, .bücher.example, /8, :80, 10.0.1.0/99, , example.com";

    @ParameterizedTest
    @CsvSource({
        "localhost,                  true",
        "LOCALHOST,                  true",
        "127.0.0.1,                  true",
        "127.9.0.2,                  true",
        "::1,                        true",
        "::ffff:127.0.0.1,           true",
        "::2,                        false",
        "192.168.1.1,                true",
        "192.168.1.2,                false",
        "192.168.1.3,                true",
        "192.168.1.4,                false",
        "10.0.0.2,                   true",
        "10.0.0.4,                   false",
        "::ffff:10.0.0.2,            true",
        "10.0.1.1,                   false",
        "2001:db8::52:0:1,           true",
        "2001:DB8:0::52:0:1,         true",
        "2001:db8::52:0:2,           false",
        "2001:db8::52:0:3,           true",
        "2001:db8::52:0:4,           true",
        "2002:db8:a::123,            true",
        "2002:db8:a:1::123,          false",
        "fe80::424b:c8be:1643:a1b6,  false",
        "1000::%25.example.com,      false",
        "barbaz.net,                 false",
        "www.barbaz.net,             true",
        "foobar.com,                 true",
        "FooBar.com,                 true",
        "www.foobar.com,             true",
        "foofoobar.com,              false",
        "foobar.com.evil,            false",
        "baz.com,                    false",
        "localhost.net,              false",
        "local.localhost,            false",
        "wildcard.io,                false",
        "nested.wildcard.io,         true",
        "awildcard.io,               false",
        "port.com,                   true",
        "www.port.com,               true",
        "other.com,                  false",
        "www.bücher.example,         true",
        "www.xn--bcher-kva.example,  true",
        "bücher.example,             false",
    })
    void asGoReadsIt(String host, boolean covered) {
        assertThat(new NoProxy(LIST).covers(host, 80)).isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.test", "10.1.2.3", "::2"})
    void anAsteriskIsEveryHost(String host) {
        assertThat(new NoProxy("b.test, *").covers(host, 443)).isTrue();
    }

    @Test
    void withoutAListOnlyThisMachineIsExempt() {
        assertThat(new NoProxy("").covers("a.test", 443)).isFalse();
        assertThat(new NoProxy("").covers("localhost", 443)).isTrue();
    }
}

package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class ProxyChoiceTest {
    /// Assignments, separated by blanks.
    private static ProxyRoute route(String environment, String scheme, String host) {
        Map<String, String> variables =
                Arrays.stream(environment.split(" "))
                        .map(assignment -> assignment.split("=", 2))
                        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        return new ProxyChoice(variables::get).route(scheme, host, -1);
    }

    @ParameterizedTest
    @CsvSource({
        "a=b,                                   http,  DIRECT",
        "HTTP_PROXY=p.test:1234,                http,  HTTP p.test:1234",
        "HTTP_PROXY=p.test,                     http,  HTTP p.test:80",
        "HTTP_PROXY=proxy,                      http,  HTTP proxy:80",
        "HTTP_PROXY=localhost:3128,             http,  HTTP localhost:3128",
        "HTTP_PROXY=http://p.test:3128/,        http,  HTTP p.test:3128",
        "HTTP_PROXY=HTTP://p.test/x?y#z,        http,  HTTP p.test:80",
        "HTTP_PROXY=http://[::5]:3128,          http,  HTTP ::5:3128",
        "HTTP_PROXY=http://[::5],               http,  HTTP ::5:80",
        "http_proxy=p.test,                     http,  HTTP p.test:80",
        "HTTP_PROXY=p.test http_proxy=q.test,   http,  HTTP p.test:80",
        "HTTP_PROXY= http_proxy=q.test,         http,  HTTP q.test:80",
        "HTTP_PROXY=p.test,                     https, DIRECT",
        "HTTP_PROXY=p.test HTTPS_PROXY=q.test,  https, HTTP q.test:80",
        "HTTP_PROXY=p.test HTTPS_PROXY=q.test,  http,  HTTP p.test:80",
        "https_proxy=http://q.test:1,           https, HTTP q.test:1",
        "HTTPS_PROXY=q.test,                    http,  DIRECT",
        "ALL_PROXY=r.test,                      http,  HTTP r.test:80",
        "all_proxy=r.test,                      https, HTTP r.test:80",
        "ALL_PROXY=r.test HTTPS_PROXY=q.test,   https, HTTP q.test:80",
        "ALL_PROXY=socks5://r.test,             https, SOCKS r.test:1080",
        "ALL_PROXY=socks5h://r.test:9,          https, SOCKS r.test:9",
        "HTTP_PROXY=p.test REQUEST_METHOD=GET,  http,  DIRECT",
        "http_proxy=p.test REQUEST_METHOD=GET,  http,  DIRECT",
        "HTTPS_PROXY=p.test REQUEST_METHOD=GET, https, HTTP p.test:80",
        "HTTPS_PROXY=p.test NO_PROXY=r.test,    https, DIRECT",
        "HTTPS_PROXY=p.test NO_PROXY=r.test:443, https, DIRECT",
        "HTTPS_PROXY=p.test NO_PROXY=r.test:80, https, HTTP p.test:80",
        "HTTP_PROXY=p.test no_proxy=r.test:80,  http,  DIRECT",
        "HTTP_PROXY=p.test no_proxy=*,          http,  DIRECT",
    })
    void theEnvironmentDecides(String environment, String scheme, String expected) {
        ProxyRoute route = route(environment, scheme, "r.test");
        assertThat(text(route)).isEqualTo(expected);
        assertThat(route.authenticator()).isNull();
    }

    private static String text(ProxyRoute route) {
        return route.proxy().address() instanceof InetSocketAddress address
                ? "%s %s:%d"
                        .formatted(route.proxy().type(), address.getHostString(), address.getPort())
                : "DIRECT";
    }

    @ParameterizedTest
    @CsvSource({"localhost", "127.0.0.1", "[::1]", "::1"})
    void thisMachineIsNeverBehindAProxy(String host) {
        assertThat(route("ALL_PROXY=p.test", "https", host)).isSameAs(ProxyRoute.DIRECT);
    }

    @ParameterizedTest
    @CsvSource({
        "https://p.test,                 a proxy that wants TLS itself is not supported",
        "ftp://secret@p.test,            the scheme is none of http and socks5",
        "http://u:secret@,               not the address of a proxy",
        "http://u:secret@p.test:port,    not the address of a proxy",
        "http://u:secret@p.test:0,       no such port: 0",
        "http://u:secret@p.test:99999,   no such port: 99999",
        "http://u:secret%zz@p.test,      user or password are not percent-encoded",
        "socks5://u:secret@p.test,       user and password are not supported for a SOCKS proxy",
    })
    void anAddressThatCannotBeUsedIsNamedWithoutItsPassword(String address, String expected) {
        assertThatThrownBy(() -> route("HTTPS_PROXY=" + address, "https", "r.test"))
                .isInstanceOf(UndockerException.class)
                .hasMessage("HTTPS_PROXY: " + expected)
                .hasNoCause();
        assertThat(route("HTTPS_PROXY=" + address, "https", "localhost"))
                .isSameAs(ProxyRoute.DIRECT);
    }

    /// One object for all, by which Java finds connections that are kept alive.
    @Test
    void allServersShareARoute() {
        ProxyChoice choice = new ProxyChoice(Map.of("ALL_PROXY", "u:p@p.test")::get);
        assertThat(choice.route("https", "a.test", -1))
                .isSameAs(choice.route("https", "b.test", 5000));
    }

    @Test
    void theLoginIsSentToTheProxyOfAPlainServer() throws Exception {
        try (AskingProxy proxy = new AskingProxy()) {
            String said = run(proxy, "u%40x:p+%3A%C3%A4@", "http://r.test/");
            assertThat(said).isEqualTo("200 for GET http://r.test/");
            assertThat(proxy.logins()).containsExactly("", "u@x:p+:ä");
        }
    }

    @Test
    void theLoginIsSentToAProxyThatMakesATunnel() throws Exception {
        try (AskingProxy proxy = new AskingProxy()) {
            run(proxy, "u:p@", "https://r.test/");
            assertThat(proxy.logins()).containsExactly("", "u:p");
        }
    }

    @Test
    void withoutALoginTheProxysAnswerIsSeen() throws Exception {
        try (AskingProxy proxy = new AskingProxy()) {
            assertThat(run(proxy, "", "http://r.test/")).startsWith("407");
            assertThat(proxy.logins()).containsExactly("");
        }
    }

    /// In a virtual machine of its own, since Java reads once what a proxy may be told.
    private static String run(AskingProxy proxy, String login, String url) throws Exception {
        String classPath =
                Stream.of(ProxyChoice.class, Client.class, UndockerException.class)
                        .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                        .map(location -> Path.of(URI.create(location.toString())).toString())
                        .distinct()
                        .collect(Collectors.joining(":"));
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        Client.class.getName(),
                        url);
        builder.environment()
                .keySet()
                .removeIf(name -> name.toUpperCase(Locale.ROOT).endsWith("_PROXY"));
        builder.environment()
                .put("ALL_PROXY", "http://%s127.0.0.1:%d".formatted(login, proxy.port()));
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        process.waitFor();
        return said;
    }

    /// Asks for one page and says what came.
    static final class Client {
        private Client() {}

        public static void main(String[] arguments) throws IOException {
            URI uri = URI.create(arguments[0]);
            HttpURLConnection connection =
                    new ProxyChoice(System::getenv)
                            .route(uri.getScheme(), uri.getHost(), uri.getPort())
                            .open(uri.toURL());
            try {
                System.out.print(
                        connection.getResponseCode()
                                + " for "
                                + connection.getHeaderField("Asked"));
            } catch (IOException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    /// A proxy that answers every request by itself, once it was told a name. It ends a tunnel
    /// where it should begin.
    private static final class AskingProxy implements AutoCloseable {
        private final ServerSocket socket =
                new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final List<String> logins = new ArrayList<>();
        private final Thread thread = Thread.ofVirtual().start(this::serve);

        AskingProxy() throws IOException {}

        int port() {
            return socket.getLocalPort();
        }

        /// What came with each request; empty for none.
        List<String> logins() throws InterruptedException, IOException {
            close();
            return logins;
        }

        private void serve() {
            try {
                while (true) {
                    try (Socket client = socket.accept()) {
                        answer(client);
                    }
                }
            } catch (IOException e) {
                // closed
            }
        }

        private void answer(Socket client) throws IOException {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
            String request = in.readLine();
            String login = "";
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                if (line.toLowerCase(Locale.ROOT).startsWith("proxy-authorization: basic ")) {
                    byte[] bytes = Base64.getDecoder().decode(line.substring(27));
                    login = new String(bytes, UTF_8);
                }
            }
            logins.add(login);
            String answer =
                    login.isEmpty()
                            ? "407 Who\r\nProxy-Authenticate: Basic realm=\"x\", charset=\"UTF-8\""
                            : "200 OK\r\nAsked: " + request.replace(" HTTP/1.1", "");
            client.getOutputStream()
                    .write(
                            ("HTTP/1.1 "
                                            + answer
                                            + "\r\nConnection: close\r\n"
                                            + "Content-Length: 0\r\n\r\n")
                                    .getBytes(ISO_8859_1));
        }

        @Override
        public void close() throws IOException, InterruptedException {
            socket.close();
            thread.join();
        }
    }
}

package dev.undocker.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Chromium without a window, driven through WebDriver (<https://www.w3.org/TR/webdriver2/>).
/// Closing it ends it.
public final class Browser implements Closeable {
    public static final String ENTER = "\ue007";
    public static final String ESCAPE = "\ue00c";
    public static final String RIGHT = "\ue014";
    public static final String DOWN = "\ue015";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_MILLIS = 60_000;

    private final Process driver;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String address;
    private String session = "";

    private Browser(Process driver, int port) {
        this.driver = driver;
        this.address = "http://127.0.0.1:" + port;
    }

    /// @param directory for the profile; empty
    public static Browser start(Path directory) throws IOException, InterruptedException {
        Path chromium = Requirements.tool("chromium");
        Path chromedriver = Requirements.tool("chromedriver");
        int port = freePort();
        Process driver =
                new ProcessBuilder(chromedriver.toString(), "--port=" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("chromedriver.log").toFile())
                        .start();
        Browser browser = new Browser(driver, port);
        try {
            browser.awaitDriver();
            browser.session = browser.begin(chromium, directory.resolve("profile"));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            browser.close();
            throw e;
        }
        return browser;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitDriver() throws InterruptedException {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (true) {
            try {
                ask("GET", "/status", null);
                return;
            } catch (IOException e) {
                if (System.currentTimeMillis() > end || !driver.isAlive()) {
                    throw new UncheckedIOException(e);
                }
                Thread.sleep(100);
            }
        }
    }

    private String begin(Path chromium, Path profile) throws IOException, InterruptedException {
        Map<String, Object> options =
                Map.of(
                        "binary",
                        chromium.toString(),
                        "args",
                        List.of(
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--user-data-dir=" + profile));
        Map<String, Object> wanted =
                Map.of(
                        "browserName",
                        "chrome",
                        "goog:chromeOptions",
                        options,
                        "goog:loggingPrefs",
                        Map.of("browser", "ALL", "performance", "ALL"));
        JsonNode begun =
                ask("POST", "/session", Map.of("capabilities", Map.of("alwaysMatch", wanted)));
        return "/session/" + begun.get("sessionId").textValue();
    }

    /// Shows a page and waits until it is there.
    public void open(Path page) throws IOException, InterruptedException {
        ask("POST", session + "/url", Map.of("url", page.toUri().toString()));
    }

    /// The window's inside, in pixels.
    public void size(int width, int height) throws IOException, InterruptedException {
        devtools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /// What the page is told that its reader prefers: `light` or `dark`.
    public void scheme(String scheme) throws IOException, InterruptedException {
        devtools(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    private JsonNode devtools(String command, Map<String, Object> parameters)
            throws IOException, InterruptedException {
        return ask(
                "POST",
                session + "/goog/cdp/execute",
                Map.of("cmd", command, "params", parameters));
    }

    /// Runs the body of a function in the page and gives what it returns; a promise is waited for.
    public JsonNode run(String script, Object... arguments)
            throws IOException, InterruptedException {
        return ask(
                "POST",
                session + "/execute/sync",
                Map.of("script", script, "args", Arrays.asList(arguments)));
    }

    /// Waits until an expression is true in the page.
    public void await(String expression) throws IOException, InterruptedException {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (!run("return Boolean(" + expression + ")").booleanValue()) {
            if (System.currentTimeMillis() > end) {
                throw new AssertionError("never came true: " + expression);
            }
            Thread.sleep(50);
        }
    }

    /// The text of an element, as it is seen.
    public String text(String id) throws IOException, InterruptedException {
        return run("return document.getElementById(arguments[0]).innerText", id).textValue();
    }

    /// Presses keys one after the other, where the focus is.
    public void press(String... keys) throws IOException, InterruptedException {
        List<Map<String, String>> actions = new ArrayList<>();
        for (String key : keys) {
            actions.add(Map.of("type", "keyDown", "value", key));
            actions.add(Map.of("type", "keyUp", "value", key));
        }
        act(Map.of("type", "key", "id", "keyboard", "actions", actions));
    }

    /// Types a text where the focus is.
    public void type(String text) throws IOException, InterruptedException {
        press(text.split(""));
    }

    /// Clicks at a place of the window.
    public void click(int x, int y) throws IOException, InterruptedException {
        act(
                Map.of(
                        "type",
                        "pointer",
                        "id",
                        "mouse",
                        "actions",
                        List.of(
                                Map.of("type", "pointerMove", "x", x, "y", y, "duration", 0),
                                Map.of("type", "pointerDown", "button", 0),
                                Map.of("type", "pointerUp", "button", 0))));
    }

    private void act(Map<String, Object> source) throws IOException, InterruptedException {
        ask("POST", session + "/actions", Map.of("actions", List.of(source)));
    }

    /// The window as PNG.
    public byte[] screenshot() throws IOException, InterruptedException {
        return Base64.getDecoder().decode(ask("GET", session + "/screenshot", null).textValue());
    }

    /// What the page and the browser have complained about since this was asked last.
    public List<String> complaints() throws IOException, InterruptedException {
        return log("browser").map(entry -> entry.get("message").textValue()).toList();
    }

    /// Addresses that were asked for since this was asked last, the pages' own included.
    public List<String> requests() throws IOException, InterruptedException {
        List<String> addresses = new ArrayList<>();
        for (JsonNode entry : log("performance").toList()) {
            JsonNode event = JSON.readTree(entry.get("message").textValue()).get("message");
            if (event.get("method").textValue().equals("Network.requestWillBeSent")) {
                addresses.add(event.get("params").get("request").get("url").textValue());
            }
        }
        return addresses;
    }

    private Stream<JsonNode> log(String type) throws IOException, InterruptedException {
        JsonNode entries = ask("POST", session + "/se/log", Map.of("type", type));
        return StreamSupport.stream(entries.spliterator(), false);
    }

    /// What axe-core (<https://github.com/dequelabs/axe-core>) finds that keeps people out, one
    /// line a rule.
    public List<String> barriers() throws IOException, InterruptedException {
        try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
            run(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        JsonNode found =
                run(
                        """
                        return axe.run().then((results) => results.violations.map((violation) =>
                            violation.id + ": " + violation.nodes.map((node) => node.html).join()))
                        """);
        return StreamSupport.stream(found.spliterator(), false).map(JsonNode::textValue).toList();
    }

    private JsonNode ask(String method, String path, @Nullable Object body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher =
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address + path))
                        .timeout(Duration.ofMillis(2 * PATIENCE_MILLIS))
                        .header("Content-Type", "application/json")
                        .method(method, publisher)
                        .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        JsonNode value = JSON.readTree(response.body()).get("value");
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + value.get("message"));
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        try {
            if (!session.isEmpty()) {
                ask("DELETE", session, null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.descendants().forEach(ProcessHandle::destroy);
            driver.destroy();
            http.close();
        }
    }
}

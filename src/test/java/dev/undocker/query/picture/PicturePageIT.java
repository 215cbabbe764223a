package dev.undocker.query.picture;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Image;
import dev.undocker.merge.ImageRootfs;
import dev.undocker.query.Wasted;
import dev.undocker.query.picture.ImagePicture.Layer;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.source.Opener;
import dev.undocker.testing.Browser;
import dev.undocker.testing.LayerBuilder;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;

/// The page as its reader has it: in Chromium.
class PicturePageIT {
    private static final PictureFile SMALL =
            new PictureFile(
                    "example.org/web:1",
                    Map.of("Platform", "linux/amd64", "Command", "nginx"),
                    List.of("ADD rootfs.tar.xz /", "RUN apt-get upgrade"),
                    List.of(
                            new Wasted(RootfsPath.of("var/cache/index"), 3000, 1, 2),
                            new Wasted(RootfsPath.of("usr/lib/libc.so"), 1000, 1, 3)));
    private static final String ITALIC_NAME = "usr/share/<i>odd</i>";

    @TempDir static Path directory;
    private static Browser browser;
    private static Path small;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start(directory);
        small =
                page(
                        SMALL,
                        layer().file("usr/lib/libc.so", "c".repeat(5000))
                                .file("usr/lib/libm.so", "m".repeat(3000))
                                .file("usr/share/doc/copyright", "c".repeat(1000))
                                .file(ITALIC_NAME, "i".repeat(500))
                                .symlink("lib", "usr/lib"),
                        layer().file("usr/bin/sh", "s".repeat(2000)),
                        layer().file("etc/passwd", "p".repeat(700)));
        browser.open(small);
    }

    @AfterAll
    static void end() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    private static Path page(PictureFile picture, LayerBuilder... layers) throws IOException {
        return Files.write(
                Files.createTempFile(directory, "page", ".html"), picture.of(List.of(layers)));
    }

    @BeforeEach
    void show() throws Exception {
        browser.complaints();
        browser.requests();
        browser.scheme("light");
        browser.size(1280, 800);
        browser.open(small);
        browser.await("document.getElementById('chosen').innerText !== ''");
    }

    private static void assertQuiet() throws Exception {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).allMatch(address -> address.startsWith("file:"));
    }

    @Test
    void showsTheImageAndLoadsNothing() throws Exception {
        assertThat(browser.text("name")).isEqualTo("example.org/web:1");
        assertThat(browser.text("summary"))
                .isEqualTo("12.2 kB · 14 paths · 3 layers · 4.00 kB wasted");
        assertThat(browser.text("layers")).contains("RUN apt-get upgrade", "9.50 kB", "700 B");
        assertThat(browser.text("list")).contains("usr/", "11.5 kB", "etc/", "lib");
        assertThat(browser.run("return document.title").textValue())
                .isEqualTo("example.org/web:1 – undocker");
        assertQuiet();
        assertThat(browser.run("return fetch('http://127.0.0.1:9/').then(() => 1, () => 0)"))
                .hasToString("0");
        assertThat(browser.complaints()).anyMatch(line -> line.contains("Content Security Policy"));
    }

    @Test
    void showsTheExample() throws Exception {
        Path page = directory.resolve("hello.html");
        try (Image image = Opener.in(directory).open("examples/hello.tar");
                ImageRootfs rootfs = merged(image);
                OutputStream out = Files.newOutputStream(page)) {
            List<Layer> layers =
                    image.layers().stream()
                            .map(layer -> new Layer(layer.diffId(), null, layer.data().size()))
                            .toList();
            Wasted draft = new Wasted(RootfsPath.of("srv/draft.txt"), 27, 1, 2);
            new ImagePicture(image.name(), Map.of(), layers)
                    .write(rootfs.tree(), List.of(draft), out);
        }
        browser.open(page);
        browser.await("document.getElementById('chosen').innerText !== ''");
        assertThat(browser.text("name")).isEqualTo("example.org/hello:1");
        assertThat(browser.text("list")).contains("hello", "hello-as-root", "srv/", "etc/", "tmp");
        browser.press("/");
        browser.type("welcome");
        browser.press(Browser.ENTER, Browser.ENTER);
        assertThat(browser.text("chosen"))
                .startsWith("/srv/welcome.txt\n")
                .contains("further name of a file", "layer 2");
        browser.run("document.getElementById('wasted').click()");
        assertThat(browser.text("chosen")).startsWith("/srv\n").contains("27 B");
        assertThat(browser.barriers()).isEmpty();
        assertQuiet();
    }

    private static ImageRootfs merged(Image image) {
        return ImageRootfs.ofNames(
                image,
                new TemporaryFiles(directory),
                1,
                event -> {},
                warning -> {
                    throw new AssertionError(warning);
                });
    }

    @Test
    void keysChooseAndZoom() throws Exception {
        browser.run("document.getElementById('map').focus()");
        assertThat(browser.text("chosen")).startsWith("/usr\n");
        browser.press(Browser.ENTER);
        assertThat(browser.text("way")).isEqualTo("/\nusr");
        assertThat(browser.text("chosen")).startsWith("/usr/lib\n");
        browser.press(Browser.ENTER);
        assertThat(browser.text("chosen")).startsWith("/usr/lib/libc.so\n").contains("5.00 kB");
        String first = browser.text("chosen");
        browser.press(Browser.RIGHT, Browser.DOWN);
        assertThat(browser.text("chosen")).startsWith("/usr/lib/libm.so\n").isNotEqualTo(first);
        browser.press(Browser.ESCAPE);
        assertThat(browser.text("way")).isEqualTo("/\nusr");
        assertThat(browser.text("chosen")).startsWith("/usr/lib\n");
        browser.press(Browser.ESCAPE, Browser.ESCAPE);
        assertThat(browser.text("way")).isEqualTo("/");
        assertQuiet();
    }

    @Test
    void aClickChoosesAndAnotherZooms() throws Exception {
        browser.click(200, 300);
        String chosen = browser.text("chosen");
        assertThat(chosen).startsWith("/usr/lib/");
        browser.click(200, 300);
        assertThat(browser.text("way")).isEqualTo("/\nusr\nlib");
        browser.run("document.getElementById('out').click()");
        assertThat(browser.text("way")).isEqualTo("/\nusr");
    }

    @Test
    void searchFindsNamesAndGoesThere() throws Exception {
        browser.press("/");
        browser.type("LIBM");
        assertThat(browser.text("list-heading")).isEqualTo("1 path found");
        assertThat(browser.text("list")).contains("libm.so", "3.00 kB", "/usr/lib");
        browser.press(Browser.DOWN, Browser.ENTER);
        assertThat(browser.text("way")).isEqualTo("/\nusr\nlib");
        assertThat(browser.text("chosen")).startsWith("/usr/lib/libm.so\n").contains("layer 1");
    }

    /// It has no area, yet it is found.
    @Test
    void searchFindsWhatHasNoContent() throws Exception {
        browser.press("/");
        browser.type("lib");
        assertThat(browser.text("list-heading")).isEqualTo("4 paths found");
        browser.run("[...document.querySelectorAll('#list button')].at(-1).click()");
        assertThat(browser.text("chosen")).startsWith("/lib\n").contains("symbolic link", "0 B");
    }

    @Test
    void namesAreNoMarkup() throws Exception {
        browser.press("/");
        browser.type("odd");
        assertThat(browser.text("list")).contains("<i>odd<");
        assertThat(browser.run("return document.querySelectorAll('li i:not(.bar i)').length"))
                .hasToString("0");
    }

    @Test
    void showsWhatIsWasted() throws Exception {
        browser.run("document.getElementById('wasted').click()");
        assertThat(browser.text("list")).contains("var/", "3.00 kB", "usr/", "1.00 kB");
        browser.run("document.getElementById('map').focus()");
        browser.press(Browser.ENTER, Browser.ENTER, Browser.ENTER);
        assertThat(browser.text("chosen"))
                .startsWith("/var/cache/index\n")
                .contains(
                        "from layer 1: ADD rootfs.tar.xz /",
                        "hidden by layer 2: RUN apt-get upgrade");
        assertQuiet();
    }

    @Test
    void saysWhenNothingIsWasted() throws Exception {
        browser.open(page(PictureFile.PLAIN, layer().file("a", "content")));
        browser.run("document.getElementById('wasted').click()");
        assertThat(browser.text("nothing")).startsWith("Nothing is wasted");
        browser.run("document.getElementById('map').focus()");
        browser.press(Browser.RIGHT, Browser.ENTER, Browser.ESCAPE);
        browser.open(page(PictureFile.PLAIN, layer()));
        browser.await("document.getElementById('nothing').innerText !== ''");
        assertQuiet();
    }

    @Test
    void followsTheReadersColours() throws Exception {
        String ground = "return getComputedStyle(document.body).backgroundColor";
        String pixel =
                """
                const map = document.getElementById("map");
                return map.toDataURL();
                """;
        String light = browser.run(ground).textValue() + browser.run(pixel).textValue();
        browser.scheme("dark");
        browser.await("matchMedia('(prefers-color-scheme: dark)').matches");
        String dark = browser.run(ground).textValue() + browser.run(pixel).textValue();
        assertThat(dark).isNotEqualTo(light);
        assertThat(browser.barriers()).isEmpty();
    }

    @Test
    void keepsNobodyOut() throws Exception {
        assertThat(browser.barriers()).isEmpty();
        browser.run("document.querySelector('details').open = true");
        browser.run("document.querySelector('#layers button').click()");
        browser.press("/");
        browser.type("lib");
        assertThat(browser.barriers()).isEmpty();
        browser.run("document.getElementById('wasted').click()");
        assertThat(browser.barriers()).isEmpty();
        browser.size(400, 800);
        assertThat(browser.barriers()).isEmpty();
        String wider =
                "const page = document.documentElement; return page.scrollWidth > page.clientWidth";
        assertThat(browser.run(wider).booleanValue()).isFalse();
        String under =
                """
                const bottom = document.getElementById("list").getBoundingClientRect().bottom;
                return document.querySelector("details").getBoundingClientRect().top >= bottom;
                """;
        assertThat(browser.run(under).booleanValue()).isTrue();
    }

    /// Every layer's neighbours differ in colour and in pattern, and 56 layers in one of them.
    @Test
    void layersDifferInMoreThanColour() throws Exception {
        JsonNode different =
                browser.run(
                        """
                        const looks = new Set();
                        for (let layer = 1; layer <= 56; layer++) {
                          looks.add(new Palette().chip([[layer, 1]]).toDataURL());
                          const pixels = [layer, layer + 1].map((number) => {
                            const palette = new Palette();
                            palette.colour = () => "#ffffff";
                            return palette.chip([[number, 1]]).toDataURL();
                          });
                          if (pixels[0] === pixels[1]) return "same pattern: " + layer;
                        }
                        return looks.size;
                        """);
        assertThat(different).hasToString("56");
    }

    /// Rectangles are as large as the bytes, inside of the box, and do not overlap.
    @Test
    void areasAreTrue() throws Exception {
        JsonNode wrong =
                browser.run(
                        """
                        const sizes = [], wrong = [];
                        for (let at = 0; at < 300; at++) sizes.push(1e9 / (at + 1) ** 1.7);
                        const sum = sizes.reduce((a, b) => a + b);
                        const boxes = [];
                        squarify(sizes, { x: 3, y: 5, width: 700, height: 400 }, (at, box) => boxes.push([at, box]));
                        for (const [at, box] of boxes) {
                          const share = (box.width * box.height) / (700 * 400);
                          if (Math.abs(share - sizes[at] / sum) > 1e-9) wrong.push("size " + at);
                          if (box.x < 3 - 1e-6 || box.y < 5 - 1e-6 || box.x + box.width > 703 + 1e-6
                              || box.y + box.height > 405 + 1e-6) wrong.push("outside " + at);
                          for (const [other, second] of boxes) {
                            if (other > at
                                && Math.min(box.x + box.width, second.x + second.width) - Math.max(box.x, second.x) > 1e-6
                                && Math.min(box.y + box.height, second.y + second.height) - Math.max(box.y, second.y) > 1e-6)
                              wrong.push("overlap " + at + " " + other);
                          }
                        }
                        if (boxes.length !== 300) wrong.push(boxes.length);
                        return wrong;
                        """);
        assertThat(wrong).isEmpty();
    }

    @Test
    void aHundredThousandPathsStaySmooth() throws Exception {
        browser.open(page(PictureFile.PLAIN, hundredThousand()));
        browser.await("document.getElementById('chosen').innerText !== ''");
        assertThat(browser.text("summary")).contains("101,262 paths");
        String measure =
                """
                const frames = [];
                document.getElementById("map").dispatchEvent(
                  new KeyboardEvent("keydown", { key: arguments[0], cancelable: true }));
                return new Promise((done) => {
                  const start = performance.now();
                  let last = start;
                  requestAnimationFrame(function frame(now) {
                    frames.push(now - last);
                    last = now;
                    if (now - start < 500) requestAnimationFrame(frame); else done(frames);
                  });
                });
                """;
        List<Double> frames = new ArrayList<>();
        for (String key : List.of("Enter", "Enter", "Enter", "Escape", "Escape", "Escape")) {
            StreamSupport.stream(browser.run(measure, key).spliterator(), false)
                    .forEach(frame -> frames.add(frame.doubleValue()));
        }
        frames.sort(null);
        assertThat(frames.get(frames.size() * 9 / 10)).isLessThan(50);
        browser.press("/");
        browser.type("file-4711.");
        assertThat(browser.text("list-heading")).isEqualTo("1 path found");
        assertThat(browser.barriers()).isEmpty();
        assertQuiet();
    }

    private static LayerBuilder[] hundredThousand() {
        Random random = new Random(15);
        LayerBuilder[] layers = new LayerBuilder[20];
        for (int at = 0, file = 0; at < layers.length; at++) {
            layers[at] = layer();
            for (int i = 0; i < 5000; i++, file++) {
                int size = (int) Math.min(5000, 60 / Math.pow(random.nextDouble(), 1.1));
                String name =
                        "usr/lib/package-%d/part-%d/file-%d.bin"
                                .formatted(file % 997 % 90, file % 13, file);
                layers[at].file(name, "x".repeat(size));
            }
        }
        return layers;
    }
}

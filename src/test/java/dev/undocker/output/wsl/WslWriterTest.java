package dev.undocker.output.wsl;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.image.Digest;
import dev.undocker.output.OutputWriter;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WriterContract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Distributions, by what Microsoft's documentation says that WSL reads.
class WslWriterTest implements WriterContract {
    private static final String[] PROGRAM = {"--cmd", "/bin/app", "--name", "web"};

    @TempDir private Path directory;
    private List<String> warnings = List.of();

    @Override
    public OutputWriter writer() {
        return new WslWriter();
    }

    @Override
    public String read(Path destination) throws Exception {
        return Digest.sha256(Files.readAllBytes(destination)).toString();
    }

    private static LayerBuilder system() {
        return layer().file("bin/sh", "#!")
                .mode(0755)
                .file("bin/app", "#!")
                .mode(0755)
                .file("etc/profile", "")
                .file(
                        "etc/passwd",
                        """
                        root:x:0:0::/root:/bin/sh
                        u:x:1000:1000::/home/u:/bin/sh
                        web:x:33:33::/srv:/usr/sbin/nologin
                        """);
    }

    private Path tree(LayerBuilder layer, String... options) throws Exception {
        OutputWriter.Settings settings = new WslWriter().newSettings();
        CommandOptions.read(settings::declare, options);
        Path out = Files.createTempFile(directory, "out", ".wsl");
        settings.validate(out.toString());
        try (Flatten flatten = Flatten.of(layer)) {
            flatten.write(settings, out.toString());
            warnings = flatten.warnings();
        }
        Path tree = Files.createTempDirectory(directory, "tree");
        Undocker.program(Requirements.tool("tar"), "-xzf", out, "-C", tree).succeed();
        return tree;
    }

    @Test
    void theProgramIsABootCommandOfOneWord() throws Exception {
        Path tree = tree(system(), PROGRAM);
        assertThat(tree.resolve("etc/wsl.conf"))
                .hasContent(
                        """
                        [boot]
                        systemd = false
                        command = /.undocker-init

                        [user]
                        default = root
                        """);
        assertThat(tree.resolve("etc/wsl-distribution.conf"))
                .hasContent("[oobe]\ndefaultName = web\ndefaultUid = 0\n");
        assertThat(tree.resolve(".undocker-init")).isExecutable();
        for (String name : List.of("etc/wsl.conf", "etc/wsl-distribution.conf")) {
            assertThat((int) Files.getAttribute(tree.resolve(name), "unix:mode") & 07777)
                    .isEqualTo(0644);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void whoCanLogInDoes() throws Exception {
        Path tree = tree(system(), "--cmd", "/bin/app", "--user", "1000");
        assertThat(tree.resolve("etc/wsl.conf")).content().endsWith("[user]\ndefault = u\n");
        assertThat(tree.resolve("etc/wsl-distribution.conf")).content().contains("Uid = 1000\n");
        assertThat(warnings).isEmpty();
        for (String user : List.of("web", "5")) {
            tree = tree(system(), "--cmd", "/bin/app", "--user", user);
            assertThat(tree.resolve("etc/wsl.conf")).content().endsWith("default = root\n");
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .contains(": shells are root's, because the image's /etc/passwd has no shell");
        }
    }

    /// A real shell reads the values that came from the image.
    @Test
    void shellsGetTheEnvironment() throws Exception {
        String odd = "it's \"$HOME\" `x` \\ #\nnext";
        Path profile =
                tree(system(), "--cmd", "/bin/app", "--env", "ODD=" + odd, "--env", "PATH=/a:/b")
                        .resolve("etc/profile.d/undocker.sh");
        String shown =
                Undocker.program(
                                Path.of("/bin/sh"),
                                "-c",
                                "PATH=/mnt/c; HOME=/h; . %s; printf '%%s|' \"$ODD\" \"$PATH\" \"$HOME\""
                                        .formatted(profile))
                        .succeed()
                        .text();
        assertThat(shown).isEqualTo(odd + "|/a:/b:/mnt/c|/h|");
    }

    @Test
    void anInitIsStartedBySystemd() throws Exception {
        Path tree = tree(system().file("sbin/init", "").mode(0755), "--cmd", "/sbin/init");
        assertThat(tree.resolve("etc/wsl.conf")).content().startsWith("[boot]\nsystemd = true\n\n");
        assertThat(tree.resolve(".undocker-init")).doesNotExist();
    }

    @Test
    void whatWslMissesIsSaid() throws Exception {
        tree(
                layer().file("bin/app", "").mode(0755).file("etc/wsl.conf", "[boot]\n"),
                "--cmd",
                "/bin/app",
                "--stop-signal",
                "SIGQUIT");
        assertThat(warnings)
                .containsExactlyInAnyOrder(
                        "the image has no /bin/sh, with which WSL starts everything",
                        "the image's /etc/passwd has no root, whom WSL needs",
                        "stop signal SIGQUIT: WSL ends its distributions without it",
                        "/etc/wsl.conf: the image has its own, which stays");
    }

    @Test
    void aNameForAnotherFormatIsRefused() {
        OutputWriter.Settings settings = new WslWriter().newSettings();
        assertThatThrownBy(() -> settings.validate("web.tar.xz"))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("a name for xz, where WSL reads gzip");
    }
}

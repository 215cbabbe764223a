package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What shells put in when the tab key is hit at the end of a command line.
class CompletionIT {
    private static final Path SHARE = Undocker.home().resolve("share");
    private static final Path PACKAGE = Path.of("/usr/share/bash-completion/bash_completion");

    /// For the function that bash and zsh call at these keys.
    private static final String ANSWER = "\030\020";

    @TempDir private Path directory;
    @TempDir private Path home;

    enum Shell {
        BASH,
        BASH_WITHOUT_COLON_BREAKS,
        BASH_COMPLETION,
        ZSH,
        FISH
    }

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createFile(directory.resolve("image.tar"));
        Files.createFile(directory.resolve("my image.tar"));
        Files.createDirectory(directory.resolve("layout"));
        Files.createDirectory(directory.resolve("docks"));
    }

    @ParameterizedTest
    @EnumSource
    void everyCommandOfTheHelp(Shell shell) throws Exception {
        assertThat(offers(shell, "undocker "))
                .contains("rootfs", "lxc", "convert", "cache")
                .containsExactlyInAnyOrderElementsOf(ManualPagesIT.commands());
        assertThat(offers(shell, "undocker roo")).containsExactly("rootfs");
        assertThat(offers(shell, "undocker cache "))
                .containsExactlyInAnyOrder("ls", "prune", "verify");
        assertThat(offers(shell, "undocker cache pr")).containsExactly("prune");
    }

    @ParameterizedTest
    @EnumSource
    void optionsOfTheCommand(Shell shell) throws Exception {
        assertThat(offers(shell, "undocker rootfs image.tar --com")).containsExactly("--compress");
        assertThat(offers(shell, "undocker cache prune --"))
                .contains("--cache-dir", "--keep")
                .doesNotContain("--compress");
        assertThat(offers(shell, "undocker --")).containsExactlyInAnyOrder("--help", "--version");
    }

    @ParameterizedTest
    @EnumSource
    void values(Shell shell) throws Exception {
        assertThat(offers(shell, "undocker rootfs --compress "))
                .containsExactlyInAnyOrder("none", "gzip", "xz", "zstd");
        assertThat(offers(shell, "undocker rootfs --compress="))
                .containsExactlyInAnyOrder("none", "gzip", "xz", "zstd");
        assertThat(offers(shell, "undocker dir --progress=p")).containsExactly("plain");
        assertThat(offers(shell, "undocker inspect --platform a")).containsExactly("all");
        assertThat(offers(shell, "undocker inspect --platform li")).isEmpty();
        assertThat(offers(shell, "undocker rootfs --threads ")).isEmpty();
        assertThat(offers(shell, "undocker rootfs --authfile=im")).containsExactly("image.tar");
        assertThat(offers(shell, "undocker dir --cache-dir "))
                .containsExactlyInAnyOrder("docks", "layout");
    }

    @ParameterizedTest
    @EnumSource
    void parameters(Shell shell) throws Exception {
        assertThat(offers(shell, "undocker rootfs im")).containsExactly("image.tar");
        assertThat(offers(shell, "undocker rootfs my")).containsExactly("my image.tar");
        assertThat(offers(shell, "undocker rootfs --threads 3 image.tar im"))
                .containsExactly("image.tar");
        assertThat(offers(shell, "undocker dir image.tar "))
                .containsExactlyInAnyOrder("docks", "layout");
        assertThat(offers(shell, "undocker dir image.tar layout "))
                .allMatch(offer -> offer.startsWith("-"), "is an option, if anything");
    }

    @ParameterizedTest
    @EnumSource
    void transports(Shell shell) throws Exception {
        assertThat(offers(shell, "undocker rootfs do"))
                .containsExactlyInAnyOrder(
                        "docker://", "docker-archive:", "docker-daemon:", "docks");
        assertThat(offers(shell, "undocker rootfs docker:")).containsExactly("//");
        assertThat(offers(shell, "undocker rootfs docker://im")).isEmpty();
        assertThat(offers(shell, "undocker rootfs oci:la")).containsExactly("layout");
        assertThat(offers(shell, "undocker rootfs docker-archive:my"))
                .containsExactly("my image.tar");
        assertThat(offers(shell, "undocker rootfs docker-archive:image.tar im"))
                .containsExactly("image.tar");
    }

    @ParameterizedTest
    @EnumSource
    void formsOfValues(Shell shell) throws Exception {
        assertThat(offers(shell, "undocker convert image.tar -o roo")).containsExactly("rootfs:");
        assertThat(offers(shell, "undocker convert image.tar -o rootfs:im"))
                .containsExactly("image.tar");
        assertThat(offers(shell, "undocker convert image.tar --output=dir:"))
                .containsExactlyInAnyOrder("docks", "layout");
        assertThat(offers(shell, "undocker nspawn --volumes "))
                .containsExactlyInAnyOrder("dir", "tmpfs", "bind:");
        assertThat(offers(shell, "undocker nspawn --volumes bind:la")).containsExactly("layout");
    }

    /// A description that a shell does not read as text would end the script.
    @Test
    void scriptsAreWellFormed() throws Exception {
        assertThat(complaints("bash", "bash-completion/completions/undocker")).isEmpty();
        assertThat(complaints("zsh", "zsh/site-functions/_undocker")).isEmpty();
        assertThat(complaints("fish", "fish/vendor_completions.d/undocker.fish")).isEmpty();
    }

    @Test
    void fishShowsDescriptionsAsTheyAre() throws Exception {
        for (String command : List.of("nspawn", "lxc", "convert")) {
            String help = Undocker.command(command, "--help").succeed().text();
            List<String> descriptions =
                    fish("undocker %s -".formatted(command))
                            .lines()
                            .map(line -> line.replaceFirst(".*\t", ""))
                            .toList();
            assertThat(descriptions)
                    .hasSizeGreaterThan(15)
                    .allSatisfy(text -> assertThat(help).containsIgnoringWhitespaces(text));
        }
    }

    private static String complaints(String shell, String script) throws Exception {
        Undocker.Result result =
                Undocker.program(Requirements.tool(shell), "-n", SHARE.resolve(script)).succeed();
        return result.text() + result.errors();
    }

    /// What can follow what is typed of the last word up to its last colon or equals sign. A
    /// directory's name has no slash at its end, an option no equals sign.
    private List<String> offers(Shell shell, String line) throws Exception {
        String word = line.substring(line.lastIndexOf(' ') + 1);
        String option = word.replaceFirst("[^=]*$", "");
        String start = word.substring(option.length()).replaceFirst("[^:]*$", "");
        return words(shell, line)
                .filter(offer -> !offer.equals(word))
                .map(offer -> without(option, offer))
                .map(offer -> without(start, offer))
                .map(offer -> offer.replaceFirst("(?<=\\w)[/=]$", ""))
                .toList();
    }

    private static String without(String start, String text) {
        return text.startsWith(start) ? text.substring(start.length()) : text;
    }

    private Stream<String> words(Shell shell, String line) throws Exception {
        String ours =
                "source '%s'\n".formatted(SHARE.resolve("bash-completion/completions/undocker"));
        return switch (shell) {
            case BASH -> bash(ours, line);
            case BASH_WITHOUT_COLON_BREAKS ->
                    bash(ours + "COMP_WORDBREAKS=${COMP_WORDBREAKS//:}\n", line);
            case BASH_COMPLETION -> {
                Requirements.require(Files.exists(PACKAGE), "needs the package bash-completion");
                yield bash("source %s\n".formatted(PACKAGE), line);
            }
            case ZSH -> zsh(line);
            case FISH -> fish(line).lines().map(answer -> answer.replaceFirst("\t.*", ""));
        };
    }

    private Stream<String> bash(String setUp, String line) throws Exception {
        Path file =
                Files.writeString(
                        home.resolve("bashrc"),
                        """
                        PS1=
                        bind 'set bell-style none'
                        bind '"\\t": insert-completions'
                        answer() { printf %s "$READLINE_LINE" > ../answer; kill -KILL $$; }
                        bind -x '"\\C-x\\C-p": answer'
                        """
                                        .replace("../answer", "'" + home.resolve("answer") + "'")
                                + setUp);
        return typed(
                "%s --noprofile --rcfile '%s' -i".formatted(Requirements.tool("bash"), file), line);
    }

    private Stream<String> zsh(String line) throws Exception {
        Files.writeString(
                home.resolve(".zshrc"),
                """
                PROMPT=
                fpath=('SHARE/zsh/site-functions' $fpath)
                autoload -U compinit
                compinit -u -D
                zle -C all complete-word _generic
                bindkey '^I' all
                zstyle ':completion:all:*' insert true
                zstyle ':completion:all:*' completer _all_matches _complete
                answer() { print -rn -- $BUFFER > ~/answer; kill -KILL $$ }
                zle -N answer
                bindkey '^X^P' answer
                """
                        .replace("SHARE", SHARE.toString()));
        return typed("%s -i".formatted(Requirements.tool("zsh")), line);
    }

    /// Types the line and the tab key at a terminal, which puts in everything that is offered.
    private Stream<String> typed(String shell, String line) throws Exception {
        Path answer = home.resolve("answer");
        Files.deleteIfExists(answer);
        Process process =
                inSurroundings(
                        new ProcessBuilder(
                                Requirements.tool("script").toString(),
                                "-qec",
                                shell,
                                "/dev/null"));
        try (OutputStream keys = process.getOutputStream()) {
            keys.write((line + "\t" + ANSWER).getBytes(UTF_8));
            keys.flush();
            waitFor(process);
        }
        String completed = Files.readString(answer);
        return Stream.of(completed.substring(line.lastIndexOf(' ') + 1).split("(?<!\\\\) "))
                .map(word -> word.replaceAll("\\\\(.)", "$1"))
                .filter(word -> !word.isEmpty());
    }

    private String fish(String line) throws Exception {
        Process process =
                inSurroundings(
                        new ProcessBuilder(
                                Requirements.tool("fish").toString(),
                                "-c",
                                "complete -C '%s'".formatted(line)));
        String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
        waitFor(process);
        return answer;
    }

    /// As after the installation that README describes.
    private Process inSurroundings(ProcessBuilder builder) throws IOException {
        builder.directory(directory.toFile());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("ZDOTDIR", home.toString());
        builder.environment().put("XDG_DATA_DIRS", SHARE + ":/usr/share");
        builder.environment()
                .put("PATH", Undocker.launcher().getParent() + ":" + System.getenv("PATH"));
        builder.environment().put("TERM", "xterm");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        if (builder.command().contains("-qec")) {
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        }
        return builder.start();
    }

    private static void waitFor(Process process) throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the shell does not end");
        }
    }
}

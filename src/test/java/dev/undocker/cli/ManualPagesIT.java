package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Readme;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The manual pages of the distribution, as man and mandoc read them.
class ManualPagesIT {
    private static final Path PAGES = Undocker.home().resolve("share/man/man1");

    /// Those that the help lists.
    static List<String> commands() throws IOException, InterruptedException {
        return Undocker.command("--help")
                .succeed()
                .text()
                .lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .skip(1)
                .takeWhile(line -> line.startsWith("  "))
                .filter(line -> !line.startsWith("   "))
                .map(line -> line.strip().split(" ")[0])
                .toList();
    }

    @Test
    void everyCommandHasOne() throws Exception {
        List<String> names =
                Stream.concat(
                                Stream.of("undocker.1"),
                                commands().stream().map("undocker-%s.1"::formatted))
                        .toList();
        assertThat(names).hasSizeGreaterThan(8);
        assertThat(pages())
                .extracting(page -> page.getFileName().toString())
                .containsExactlyInAnyOrderElementsOf(names);
    }

    /// With its description, character for character.
    @Test
    void everyOptionOfTheHelpIsThere() throws Exception {
        for (String command : commands()) {
            String page = text(PAGES.resolve("undocker-%s.1".formatted(command)));
            List<String> entries = entries(Undocker.command(command, "--help").succeed().text());
            assertThat(entries).as(command).anyMatch(entry -> entry.contains("--help"));
            assertThat(entries)
                    .allSatisfy(entry -> assertThat(page).containsIgnoringWhitespaces(entry));
        }
    }

    /// What the help says of each parameter and option, and, without subcommands, its examples.
    private static List<String> entries(String help) {
        return Stream.of(help.split("\nCommands:")[0].split("\n(?=( {2}| {6})?\\S)"))
                .filter(entry -> entry.startsWith(" "))
                .toList();
    }

    @Test
    void sections() throws Exception {
        for (Path page : pages()) {
            assertThat(text(page).lines())
                    .as(page.toString())
                    .containsSubsequence(
                            "NAME",
                            "SYNOPSIS",
                            "DESCRIPTION",
                            "OPTIONS",
                            "EXIT STATUS",
                            "ENVIRONMENT",
                            "FILES",
                            "SEE ALSO");
        }
    }

    @Test
    void everyCommandHasASectionOfTheManual() throws Exception {
        StringBuilder manual = new StringBuilder();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Path.of("docs/manual"), "*.md")) {
            for (Path page : files) {
                manual.append(Files.readString(page));
            }
        }
        assertThat(manual.toString().toLowerCase(Locale.ROOT).lines())
                .containsAll(commands().stream().map("## %s"::formatted).toList());
    }

    /// So each is run by the test that runs the manual's.
    @Test
    void recipesOfReadmeStandInTheManual() throws Exception {
        assertThat(Readme.recipes()).hasSizeGreaterThan(20);
        assertThat(Readme.manual().lines()).containsAll(Readme.recipes());
    }

    /// What README and the manual lead to is there.
    @Test
    void linksLeadSomewhere() throws Exception {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        for (String directory : new String[] {"docs", "docs/manual"}) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(Path.of(directory), "*.md")) {
                files.forEach(pages::add);
            }
        }
        for (Path page : pages) {
            Matcher link =
                    Pattern.compile("\\]\\(([^):#]*)(?:#([^)]*))?\\)")
                            .matcher(Files.readString(page));
            while (link.find()) {
                Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                assertThat(target).as(page + ": " + link.group()).exists();
                if (link.group(2) != null) {
                    assertThat(anchors(target)).as(page.toString()).contains(link.group(2));
                }
            }
        }
    }

    private static List<String> anchors(Path page) throws IOException {
        return Files.readString(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
                .toList();
    }

    @Test
    void answersHaveExitCodesOfTheirOwn() throws Exception {
        assertThat(text(PAGES.resolve("undocker-diff.1")))
                .containsPattern("EXIT STATUS\\s+0\\s+both are the same\\s+1\\s+they differ");
        assertThat(text(PAGES.resolve("undocker-explain.1")))
                .containsPattern("EXIT STATUS\\s+0\\s+the path is there")
                .doesNotContain("SIGTERM");
    }

    /// Every character is as it is in the manual and in the help.
    @Test
    void charactersAreThemselves() throws Exception {
        assertThat(text(PAGES.resolve("undocker.1")))
                .contains("Ctrl-\\", "  docker://NAME[:TAG][@DIGEST]", "\"finished\":true", "…")
                .contains("LXC's own hook");
        assertThat(text(PAGES.resolve("undocker-nspawn.1")))
                .contains("systemd-nspawn -D nginx nginx -g 'daemon off;'", "/.undocker-init");
        assertThat(text(PAGES.resolve("undocker-convert.1")))
                .contains("-o 'dir,uid-map=0\\:100000\\:65536,gid-map=0\\:100000\\:65536:debian'");
        assertThat(text(PAGES.resolve("undocker-rootfs.1")))
                .contains("by default OUT's suffix decides: .tar.gz, .tgz, .tar.xz,");
    }

    @Test
    void manSaysNothingAgainstThem() throws Exception {
        for (Path page : pages()) {
            assertThat(man(page, "--warnings=w").errors()).as(page.toString()).isEmpty();
        }
    }

    @Test
    void mandocSaysNothingAgainstThem() throws Exception {
        for (Path page : pages()) {
            Undocker.Result result =
                    Undocker.program(
                                    Requirements.tool("mandoc"),
                                    "-T",
                                    "lint",
                                    "-W",
                                    "warning",
                                    page)
                            .run();
            assertThat(result.text() + result.errors()).as(page.toString()).isEmpty();
        }
    }

    /// The day of the build would make every build another one.
    @Test
    void theyBearTheVersionAndNoDayOfTheBuild() throws Exception {
        String day =
                Files.readString(Path.of("pom.xml"))
                        .replaceFirst("(?s).*<project.build.outputTimestamp>(.{10}).*", "$1");
        String version = Undocker.command("--version").succeed().text().strip();
        for (Path page : pages()) {
            assertThat(text(page).strip().lines().toList().getLast())
                    .startsWith(version)
                    .contains(day);
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.sorted().toList();
        }
    }

    private static String text(Path page) throws IOException, InterruptedException {
        return man(page, "--no-justification").text();
    }

    private static Undocker.Result man(Path page, String option)
            throws IOException, InterruptedException {
        return Undocker.program(Requirements.tool("man"), option, "-l", page)
                .with("LC_ALL", "C.UTF-8")
                .with("MANWIDTH", "100")
                .succeed();
    }
}

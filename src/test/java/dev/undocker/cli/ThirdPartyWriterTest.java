package dev.undocker.cli;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;

import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// [org.example.listing.ListingWriter] is a bean on the class path and nothing else; that makes it
/// a subcommand and a kind of `convert`.
@QuarkusMainTest
class ThirdPartyWriterTest {
    private static final String LISTING = "* /\n* etc\n* etc/hosts\n";

    @TempDir Path directory;

    private Path image() throws IOException {
        return ImageBuilder.image(layer().file("etc/hosts", "x").toBytes())
                .docker(ImageBuilder.Dialect.values()[0])
                .tar(directory.resolve("image.tar"));
    }

    @Test
    void isASubcommandWithItsOptions(QuarkusMainLauncher launcher) throws IOException {
        Path out = directory.resolve("out");
        LaunchResult result =
                launcher.launch("listing", "--bullet", "* ", image().toString(), out.toString());
        assertThat(result.exitCode()).as(result.getErrorOutput()).isZero();
        assertThat(out).hasContent(LISTING);
    }

    @Test
    void isAKindOfConvert(QuarkusMainLauncher launcher) throws IOException {
        Path out = directory.resolve("out");
        LaunchResult result =
                launcher.launch("convert", image().toString(), "-o", "listing:" + out);
        assertThat(result.exitCode()).as(result.getErrorOutput()).isZero();
        assertThat(out).hasContent(LISTING.replace("* ", ""));
    }

    @Test
    void isInTheHelp(QuarkusMainLauncher launcher) {
        assertThat(launcher.launch("--help").getOutput())
                .contains("listing", "Write the paths of the root file system");
        assertThat(launcher.launch("listing", "--help").getOutput()).contains("--bullet");
    }

    @Test
    void leavesNothingWhenTheImageIsBroken(QuarkusMainLauncher launcher) throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.tar"), "no image");
        Path out = directory.resolve("out");
        LaunchResult result = launcher.launch("listing", broken.toString(), out.toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(out).doesNotExist();
    }
}

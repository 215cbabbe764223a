package dev.undocker.output.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.JavaCalls;
import dev.undocker.linux.LinuxCalls;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerStacks;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.TreeListing;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// Random layer stacks as trees on disk, made by root: other programs see there what the merge
/// says, directories and files of mode 000 included.
class TreeModelTest {
    private static final int STACKS = 60;

    @TempDir Path temp;

    @BeforeEach
    void needsOwners() {
        Requirements.root();
    }

    @Test
    void systemCallsMakeWhatTheMergeSays() throws Exception {
        Requirements.require(LinuxCalls.available(), "needs Linux on a known architecture");
        compare(new LinuxCalls(), LayerStacks.Form.TREE);
    }

    @Test
    void javaAloneMakesWhatTheMergeSays() throws Exception {
        compare(new JavaCalls(), LayerStacks.Form.JAVA_TREE);
    }

    private void compare(FileSystemCalls calls, LayerStacks.Form form) throws Exception {
        int shut = 0;
        for (int seed = 0; seed < STACKS; seed++) {
            Path tree = temp.resolve("tree" + seed);
            try (Flatten flatten = Flatten.of(LayerStacks.of(seed, form))) {
                flatten.write(new Trees(calls), tree.toString());
                String expected = flatten.listing().toString();
                assertThat(TreeListing.of(tree)).as("seed %d", seed).hasToString(expected);
                assertThat(flatten.warnings())
                        .as("seed %d", seed)
                        .noneMatch(said -> said.contains("not kept"));
                shut += expected.lines().anyMatch(line -> line.matches("[df] .* 0000.*")) ? 1 : 0;
            } catch (UndockerException refused) {
                // the stack has no meaning, which is another test's
                assertThat(tree).doesNotExist();
            }
        }
        assertThat(shut).isGreaterThan(STACKS / 20);
    }

    private record Trees(FileSystemCalls calls) implements OutputWriter.Settings {
        @Override
        public void declare(Options options) {}

        @Override
        public void validate(String destination) {}

        @Override
        public RootfsSink open(OutputRequest request) {
            return DirectorySink.open(request.destination(), new TreeSettings(), request, calls);
        }
    }
}

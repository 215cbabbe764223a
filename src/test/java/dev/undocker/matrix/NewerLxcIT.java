package dev.undocker.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// A few images of the matrix are started by an LXC that Debian 12 has not, which quotes commands
/// in another way: `UNDOCKER_TEST_TRIXIE` names a root of Debian 13 in which it is installed.
class NewerLxcIT {
    private static final int CASES = 8;

    @Test
    void everythingArrives(@TempDir Path directory) throws Exception {
        Requirements.root();
        Requirements.tools("unshare", "gcc");
        String root = System.getenv("UNDOCKER_TEST_TRIXIE");
        Requirements.require(
                root != null, "needs UNDOCKER_TEST_TRIXIE, a root of Debian 13 with lxc");
        MatrixPlace place = new MatrixPlace(directory);
        Corpus.make(place.of("cases"), CASES);
        String run = "newer-lxc";
        assertThat(
                        ResultLine.read(
                                place.run(run, "column", root, place.output(run), "jobs", "lxc")))
                .hasSize(4)
                .allMatch(ResultLine::isExact)
                .allMatch(line -> line.version().startsWith("6."));
    }
}

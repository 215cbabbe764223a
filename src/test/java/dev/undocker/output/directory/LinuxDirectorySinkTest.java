package dev.undocker.output.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.LinuxCalls;
import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;

class LinuxDirectorySinkTest extends DirectorySinkContract {
    @BeforeEach
    void needsSystemCalls() {
        Requirements.require(LinuxCalls.available(), "needs Linux on a known architecture");
    }

    @Override
    FileSystemCalls calls() {
        return new LinuxCalls();
    }

    @Override
    String callsName() {
        return "native";
    }

    @Override
    String expectedDevices(String time) {
        return """
        ./dev/null c 666 0:0 2%1$s
        ./dev/pipe p 622 0:0 1%1$s
        ./dev/sda b 660 0:6 1%1$s
        ./dev/zero c 666 0:0 2%1$s
        """
                .formatted(time);
    }

    @Test
    void attributesAndDeviceNumbersAsRoot() throws IOException {
        Requirements.root();
        Requirements.tools("getcap", "getfattr");
        Path tree = temp.resolve("tree");
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            write(tree, sample);
        }
        assertThat(warnings).isEmpty();
        assertThat(run(tree, "getcap", "bin/ping")).contains("cap_net_raw=ep");
        assertThat(run(tree, "getfattr", "-d", "-m", "-", "-e", "hex", "home/me/marked", "home/me"))
                .contains("trusted.x=0x74")
                .contains("user.x=0x0075ff")
                .contains("user.note=0x646972");
        assertThat(run(tree, "stat", "-c", "%t:%T", "dev/null", "dev/sda")).isEqualTo("1:3\n8:0\n");
        assertThat(Integer.parseInt(run(tree, "stat", "-c", "%b", "sparse").strip()))
                .isLessThan(64);
    }
}

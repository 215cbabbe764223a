package dev.undocker.output.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.JavaCalls;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class JavaDirectorySinkTest extends DirectorySinkContract {
    @Override
    FileSystemCalls calls() {
        return new JavaCalls();
    }

    @Override
    String callsName() {
        return "java";
    }

    @Override
    String expectedDevices(String time) {
        return "";
    }

    @Test
    void whatJavaCannotMakeIsSaidOnce() throws IOException {
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            write(temp.resolve("tree"), sample);
        }
        assertThat(warnings)
                .hasSize(1)
                .first()
                .asString()
                .contains("2 device nodes", "1 FIFO", "extended attributes");
    }
}

package dev.undocker.linux;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JavaCallsTest extends FileSystemCallsContract {
    @Override
    FileSystemCalls calls() {
        return new JavaCalls();
    }

    @Test
    void cannotMakeSpecialNodes() {
        assertThatThrownBy(() -> root.makeSpecial(b("p"), DirectoryHandle.Special.FIFO, 0600, 0, 0))
                .hasMessage("not offered by this system");
    }
}

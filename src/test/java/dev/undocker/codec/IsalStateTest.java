package dev.undocker.codec;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

class IsalStateTest {
    private static final Path HEADER = Path.of("/usr/include/isa-l/igzip_lib.h");

    /// What C programs are compiled with says the same, and the structure fits.
    @Test
    void fieldsLieWhereTheHeaderSays(@TempDir Path directory) throws Exception {
        Requirements.tool("gcc");
        Requirements.require(Files.exists(HEADER), "needs " + HEADER);
        Path source = directory.resolve("fields.c");
        Files.writeString(
                source,
                """
                #include <isa-l/igzip_lib.h>
                #include <stddef.h>
                #include <stdio.h>
                #define AT(field) (int) offsetof(struct inflate_state, field)
                int main(void) {
                    printf("%d %d %d %d %d %d %d %d %d %d %d",
                        AT(next_out), AT(avail_out), AT(next_in), AT(avail_in), AT(read_in_length),
                        AT(block_state), AT(crc_flag), AT(crc), ISAL_BLOCK_FINISH, ISAL_GZIP_NO_HDR,
                        sizeof(struct inflate_state) <= SIZE);
                    return 0;
                }
                """);
        Path program = directory.resolve("fields");
        String[] compile = {
            "gcc", "-DSIZE=" + IsalState.SIZE, "-o", program.toString(), source.toString()
        };
        assertThat(new ProcessBuilder(compile).inheritIO().start().waitFor()).isZero();
        int[] fields = {
            IsalState.NEXT_OUT,
            IsalState.AVAIL_OUT,
            IsalState.NEXT_IN,
            IsalState.AVAIL_IN,
            IsalState.READ_IN_LENGTH,
            IsalState.BLOCK_STATE,
            IsalState.CRC_FLAG,
            IsalState.CRC,
            IsalState.FINISH,
            IsalState.WITH_CRC,
            1
        };
        byte[] output =
                new ProcessBuilder(program.toString()).start().getInputStream().readAllBytes();
        assertThat(new String(output, US_ASCII).split(" "))
                .containsExactly(
                        Arrays.stream(fields).mapToObj(Integer::toString).toArray(String[]::new));
    }
}

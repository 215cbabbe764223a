package dev.undocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemoryLayout;
import java.util.List;

class SyscallTest {
    private static final String METADATA =
            "/META-INF/native-image/dev.undocker/undocker/reachability-metadata.json";

    @Test
    void everyDowncallShapeStandsInTheNativeMetadata() throws IOException {
        JsonNode shapes;
        try (InputStream in = SyscallTest.class.getResourceAsStream(METADATA)) {
            shapes = new ObjectMapper().readTree(in).path("foreign").path("downcalls");
        }
        List<String> parameters =
                Syscall.SHAPE.argumentLayouts().stream().map(SyscallTest::carrier).toList();

        assertThat(shapes).hasSize(1);
        JsonNode shape = shapes.get(0);
        assertThat(shape.path("returnType").asText())
                .isEqualTo(carrier(Syscall.SHAPE.returnLayout().orElseThrow()));
        assertThat(shape.path("parameterTypes"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(parameters);
        assertThat(shape.path("options").path("firstVariadicArg").asInt())
                .isEqualTo(Syscall.FIRST_VARIADIC);
        assertThat(shape.path("options").path("captureCallState").asBoolean()).isTrue();
    }

    private static String carrier(MemoryLayout layout) {
        assertThat(layout.toString()).isEqualTo("j8");
        return "jlong";
    }
}

package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The schemas that `docs/schema` publishes.
public final class JsonSchemas {
    private JsonSchemas() {}

    /// Fails with what is wrong unless the document keeps to the schema.
    ///
    /// @param schema its file's name in `docs/schema`
    public static void check(String schema, String document) throws IOException {
        assertThat(
                        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                                .getSchema(Files.readString(Path.of("docs", "schema", schema)))
                                .validate(document, InputFormat.JSON))
                .as("%s against %s", document, schema)
                .isEmpty();
    }
}

package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;

import java.nio.file.Path;

/// The schemas that `docs/schema` publishes.
public final class JsonSchemas {
    private JsonSchemas() {}

    /// Fails with what is wrong unless the document keeps to the schema.
    ///
    /// @param schema its file's name in `docs/schema`; it may refer to others there
    public static void check(String schema, String document) {
        Path file = Path.of("docs", "schema", schema).toAbsolutePath();
        assertThat(
                        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                                .getSchema(SchemaLocation.of(file.toUri().toString()))
                                .validate(document, InputFormat.JSON))
                .as("%s against %s", document, schema)
                .isEmpty();
    }
}

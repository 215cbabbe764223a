package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The schemas that `docs/schema` publishes.
public final class JsonSchemas {
    private static final Map<String, JsonSchema> READ = new ConcurrentHashMap<>();

    private JsonSchemas() {}

    /// Fails with what is wrong unless the document keeps to the schema.
    ///
    /// @param schema its file's name in `docs/schema`; it may refer to others there
    public static void check(String schema, String document) {
        assertThat(
                        READ.computeIfAbsent(schema, JsonSchemas::read)
                                .validate(document, InputFormat.JSON))
                .as("%s against %s", document, schema)
                .isEmpty();
    }

    private static JsonSchema read(String schema) {
        Path file = Path.of("docs", "schema", schema).toAbsolutePath();
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SchemaLocation.of(file.toUri().toString()));
    }
}

package dev.undocker.output.directory;

import dev.undocker.image.Image;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.Platform;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.JavaCalls;
import dev.undocker.linux.LinuxCalls;
import dev.undocker.output.OutputRequest;
import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Writes the sample tree as a process of its own, whoever that is: `DIRECTORY native|java [fail]`.
/// Warnings and failures go to standard output.
final class SampleProgram {
    private static final ImageConfig CONFIG =
            new ImageConfig(
                    Platform.parse("linux/amd64"),
                    null,
                    null,
                    new ImageConfig.Process(List.of(), List.of(), List.of(), "", "", null),
                    List.of(),
                    List.of(),
                    Map.of(),
                    List.of());

    private SampleProgram() {}

    public static void main(String[] arguments) throws IOException {
        Path destination = Path.of(arguments[0]).toAbsolutePath();
        FileSystemCalls calls = arguments[1].equals("java") ? new JavaCalls() : new LinuxCalls();
        TreeSettings settings = new TreeSettings();
        if (arguments.length > 2) {
            settings.rootless = arguments[2];
        }
        try (SampleTree tree = SampleTree.ofEverything(destination.getParent());
                DirectorySink sink =
                        DirectorySink.open(
                                destination.toString(), settings, request(0, 2), calls)) {
            for (RootfsEntry entry : tree.entries()) {
                sink.accept(entry);
            }
            sink.finish();
            sink.commit();
        } catch (RuntimeException e) {
            System.out.println(e.getMessage());
        }
    }

    /// A request as far as this sink looks at it.
    @SuppressWarnings("NullAway")
    static OutputRequest request(long bytes, int threads) {
        return new OutputRequest(
                "",
                new Image("sample", null, CONFIG, new byte[0], null, List.of(), () -> {}),
                null,
                new OutputRequest.Totals(0, bytes),
                threads,
                false,
                System.out::println);
    }
}

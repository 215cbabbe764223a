package dev.undocker.cli;

import dev.undocker.ReaderGoneException;
import dev.undocker.UndockerException;
import dev.undocker.image.ImageConfig;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Made;
import dev.undocker.output.ShellCommand;
import dev.undocker.query.ImageReport;
import dev.undocker.query.Wasted;
import dev.undocker.query.picture.ImagePicture;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The page that shows an image as a picture, in a file, which is there when all of it is.
///
/// @param destination a path, or `-` for standard output
record InspectPage(String destination, Console console) {
    /// Says where the page is, to whoever wants to know.
    void tell() {
        if (console.isConversation() && !FileDestination.isStandardOutput(destination)) {
            Path page = Path.of(destination);
            Made made = Made.file(page, ShellCommand.of("xdg-open", page));
            new Result(made, page.toFile().length()).tell(console);
        }
    }

    /// @throws UndockerException when it cannot be written
    void write(ImageReport report, MergedRootfs tree, List<Wasted> wasted) {
        ImagePicture picture =
                new ImagePicture(
                        report.name(),
                        facts(report),
                        report.layers().stream().map(InspectPage::layer).toList());
        try (FileDestination file = FileDestination.open(destination, console)) {
            OutputStream out =
                    new BufferedOutputStream(Channels.newOutputStream(file.channel()), 1 << 16);
            picture.write(tree, wasted, out);
            out.flush();
            file.sync();
            file.commit();
        } catch (IOException e) {
            throw ReaderGoneException.or(UndockerException.because(destination, e));
        }
    }

    private static ImagePicture.Layer layer(ImageReport.Layer layer) {
        return new ImagePicture.Layer(
                layer.origin().shownDigest(), layer.origin().shownStep(), layer.stored());
    }

    private static Map<String, String> facts(ImageReport report) {
        ImageConfig config = report.config();
        Map<String, String> facts = new LinkedHashMap<>();
        if (report.manifest() != null) {
            facts.put("Digest", report.manifest().toString());
        }
        facts.put("Image ID", report.id().toString());
        facts.put("Platform", config.platform().toString());
        if (config.created() != null) {
            facts.put("Created", config.created());
        }
        if (config.author() != null) {
            facts.put("Author", config.author());
        }
        said("Entrypoint", String.join(" ", config.process().entrypoint()), facts);
        said("Command", String.join(" ", config.process().cmd()), facts);
        said("User", config.process().user(), facts);
        said("Directory", config.process().workingDir(), facts);
        return facts;
    }

    private static void said(String name, String value, Map<String, String> facts) {
        if (!value.isEmpty()) {
            facts.put(name, value);
        }
    }
}

package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.merge.ImageRootfs;
import dev.undocker.query.PathLookup;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.source.ImageSources;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `undocker cat IMAGE PATH…`: what is in files. Nothing is printed before the whole image is
/// verified: its upper layers say which file is meant.
@Singleton
class CatCommand implements Command {
    private final ImageSources sources;

    @Inject
    CatCommand(ImageSources sources) {
        this.sources = sources;
    }

    @Override
    public String name() {
        return "cat";
    }

    @Override
    public String summary() {
        return "Print what is in files of an image";
    }

    @Override
    public CommandSpec spec(Console console) {
        Run run = new Run(new QuestionRun(sources, console));
        CommandSpec spec = CommandSpec.wrapWithoutInspection(run);
        CommandOptions options = new CommandOptions(spec);
        options.parameter("IMAGE", "the image to look into", text -> run.image = text);
        options.imagePaths(
                "PATH",
                1,
                "a file; links are followed inside the image",
                paths -> run.paths = paths);
        options.flag(
                "--no-verify", "do not check the digests of layers", given -> run.verify = !given);
        run.flags.declare(options);
        options.examples(List.of("undocker cat docker://nginx bin/nginx"));
        return spec;
    }

    /// @param path as the user named it
    private record WantedFile(byte[] path, Inode.RegularFile inode) {}

    private static final class Run implements Callable<Integer> {
        private static final int CHUNK = 64 << 10;

        private final QuestionRun question;
        private final ReadingFlags flags = new ReadingFlags();
        private String image = "";
        private List<byte[]> paths = List.of();
        private boolean verify = true;
        private int exitCode = ExitCode.DONE;

        Run(QuestionRun question) {
            this.question = question;
        }

        @Override
        public Integer call() throws IOException {
            return question.ask(image, flags, verify, this::print);
        }

        private int print(Image opened) throws IOException {
            Console console = question.console();
            try (ImageRootfs rootfs = flags.contentsOnDemand(opened, verify, console)) {
                List<WantedFile> files = wanted(new PathLookup(rootfs.tree()));
                rootfs.load(files.stream().<Inode>map(WantedFile::inode).toList());
                rootfs.verified();
                console.endProgress();
                OutputStream out = new AnswerStream(console).contents();
                for (WantedFile file : files) {
                    copy(file, out);
                    out.flush();
                }
                return exitCode;
            }
        }

        private List<WantedFile> wanted(PathLookup lookup) {
            List<WantedFile> files = new ArrayList<>();
            for (byte[] path : paths) {
                try {
                    files.add(new WantedFile(path, file(path, lookup)));
                } catch (UndockerException e) {
                    question.console().failure(e, false);
                    exitCode = ExitCode.FAILED;
                }
            }
            return files;
        }

        private static Inode.RegularFile file(byte[] path, PathLookup lookup) {
            return switch (lookup.follow(path).inode()) {
                case Inode.RegularFile file -> file;
                case Inode.Directory _ -> throw PathLookup.failure(path, "is a directory");
                case Inode.CharacterDevice _, Inode.BlockDevice _ ->
                        throw PathLookup.failure(path, "is a device and has no content");
                case Inode.Fifo _ -> throw PathLookup.failure(path, "is a FIFO and has no content");
                // followed already
                case Inode.Symlink _ -> throw new IllegalStateException("a link");
            };
        }

        private static void copy(WantedFile file, OutputStream out) throws IOException {
            Content content = file.inode().content();
            byte[] chunk = new byte[CHUNK];
            long left = content.size();
            try (InputStream in = content.stream()) {
                while (left > 0) {
                    int count = read(file, in, chunk);
                    if (count < 0) {
                        throw failed(file, null);
                    }
                    out.write(chunk, 0, count);
                    left -= count;
                }
            }
        }

        private static int read(WantedFile file, InputStream in, byte[] chunk) {
            try {
                return in.read(chunk);
            } catch (IOException e) {
                throw failed(file, e);
            }
        }

        private static UndockerException failed(WantedFile file, @Nullable IOException cause) {
            return cause == null
                    ? PathLookup.failure(file.path(), "the image became shorter while it was read")
                    : UndockerException.because(PathLookup.shown(file.path()), cause);
        }
    }
}

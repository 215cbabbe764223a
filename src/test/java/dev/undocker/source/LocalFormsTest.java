package dev.undocker.source;

import dev.undocker.image.ImageSource;
import dev.undocker.source.dirlayout.DirLayout;
import dev.undocker.source.dockerarchive.DockerArchive;
import dev.undocker.source.ocilayout.OciLayout;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

import java.nio.file.Path;
import java.util.List;

/// Every form of an image in files, by its word and by its content.
@Timeout(60)
class LocalFormsTest {
    private interface LocalContract extends SourceContract {
        @Override
        default ImageSource source() {
            return new LocalImages(
                    new ImageForms(List.of(new DockerArchive(), new OciLayout(), new DirLayout())));
        }

        @Override
        default String nowhere(Path directory) {
            return directory.resolve("nothing").toString();
        }
    }

    @Nested
    class Archive implements LocalContract {
        @Override
        public String transport() {
            return "docker-archive";
        }

        @Override
        public String offer(ImageBuilder image, Path directory) throws Exception {
            return image.docker(Dialect.SAVE).tar(directory.resolve("image.tar")).toString();
        }
    }

    @Nested
    class Layout implements LocalContract {
        @Override
        public String transport() {
            return "oci";
        }

        @Override
        public String offer(ImageBuilder image, Path directory) throws Exception {
            return image.oci().directory(directory.resolve("layout")).toString();
        }
    }

    @Nested
    class LayoutArchive implements LocalContract {
        @Override
        public String transport() {
            return "oci-archive";
        }

        @Override
        public String offer(ImageBuilder image, Path directory) throws Exception {
            return image.oci().tar(directory.resolve("image.tar")).toString();
        }
    }

    @Nested
    class Detected implements LocalContract {
        @Override
        public String transport() {
            return "";
        }

        @Override
        public String offer(ImageBuilder image, Path directory) throws Exception {
            return image.oci().tar(directory.resolve("image.tar")).toString();
        }
    }

    @Nested
    class Directory implements LocalContract {
        @Override
        public String transport() {
            return "dir";
        }

        @Override
        public String offer(ImageBuilder image, Path directory) throws Exception {
            Path layout = image.oci().directory(directory.resolve("layout"));
            Path copy = directory.resolve("copy");
            Undocker.program(
                            Requirements.tool("skopeo"),
                            "copy",
                            "-q",
                            "oci:" + layout,
                            "dir:" + copy)
                    .succeed();
            return copy.toString();
        }
    }
}

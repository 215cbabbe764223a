import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;

/// Writes what a Debian package wants compressed: manual pages, and a change log (Debian Policy
/// 12.1 and 12.7: as `gzip -9n` does it).
///
/// The build starts this file as a program with undocker's classes on its class path. Arguments:
/// the distribution's folder, the folder that becomes `/usr/share`, the version, the build's time
/// stamp, and the package's maintainer.
void main(String... arguments) throws IOException {
    Path pages = Path.of(arguments[0], "share/man/man1");
    Path share = Path.of(arguments[1]);
    String version = arguments[2].replace('-', '~');
    Instant time = Instant.parse(arguments[3]);

    try (DirectoryStream<Path> files = Files.newDirectoryStream(pages)) {
        for (Path page : files) {
            compress(
                    Files.readString(page),
                    share.resolve("man/man1/%s.gz".formatted(page.getFileName())));
        }
    }
    String changes =
            Files.readString(Path.of("src/main/deb/changelog"))
                    .replace("VERSION", version)
                    .replace("MAINTAINER", arguments[4])
                    .replace(
                            "TIME",
                            DateTimeFormatter.RFC_1123_DATE_TIME
                                    .withZone(ZoneOffset.UTC)
                                    .format(time)
                                    .replace("GMT", "+0000"));
    compress(changes, share.resolve("doc/undocker/changelog.gz"));
}

void compress(String text, Path file) throws IOException {
    GzipParameters smallest = new GzipParameters();
    smallest.setCompressionLevel(Deflater.BEST_COMPRESSION);
    Files.createDirectories(file.getParent());
    try (OutputStream out = new GzipCompressorOutputStream(Files.newOutputStream(file), smallest)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}

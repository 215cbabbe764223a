package dev.undocker.testing;

import static dev.undocker.testing.LayerBuilder.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A small image that stands in for nginx: on port 80 it says one page, until its stop signal
/// comes. Busybox is everything in it.
public final class WebImage {
    private WebImage() {}

    /// Each start is noted in the volume `/data`.
    public static ImageBuilder of(String page) throws IOException {
        String program =
                """
                #!/bin/sh
                echo started >> /data/starts
                trap exit QUIT
                httpd -f -p 80 -h /html &
                wait
                """;
        LayerBuilder web =
                tools().dir("data/")
                        .file("bin/nginx", program)
                        .mode(0755)
                        .file("html/index.html", page + "\n");
        return busybox(web)
                .config("Cmd", List.of("nginx", "-g", "daemon off;"))
                .config("Volumes", Map.of("/data", Map.of()))
                .config("ExposedPorts", Map.of("80/tcp", Map.of()))
                .config("StopSignal", "SIGQUIT");
    }

    /// The same for an image without a service.
    public static ImageBuilder shell() throws IOException {
        return busybox(tools().file("etc/debian_version", "13.0\n")).config("Cmd", List.of("sh"));
    }

    private static LayerBuilder tools() {
        LayerBuilder layer = layer();
        for (String name : List.of("date", "echo", "httpd", "touch")) {
            layer.symlink("bin/" + name, "busybox");
        }
        for (String mountPoint : List.of("proc/", "sys/", "dev/")) {
            layer.dir(mountPoint);
        }
        return layer;
    }

    private static ImageBuilder busybox(LayerBuilder layer) throws IOException {
        return ImageBuilder.image(Report.busyboxImage().layers().getFirst(), layer.toBytes())
                .config("Env", List.of("PATH=/bin"));
    }

    /// Writes a docker-archive `NAME.tar`.
    public static Path save(ImageBuilder image, Path directory, String name) throws IOException {
        return image.tag(name)
                .docker(ImageBuilder.Dialect.SKOPEO)
                .tar(directory.resolve(name + ".tar"));
    }
}

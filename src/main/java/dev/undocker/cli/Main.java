package dev.undocker.cli;

import dev.undocker.output.WriterRegistry;
import dev.undocker.source.ImageSources;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;

import jakarta.inject.Inject;

/// The program.
@QuarkusMain
public class Main implements QuarkusApplication {
    private final ImageSources sources;
    private final WriterRegistry writers;

    @Inject
    public Main(ImageSources sources, WriterRegistry writers) {
        this.sources = sources;
        this.writers = writers;
    }

    public static void main(String... args) {
        Quarkus.run(Main.class, args);
    }

    @Override
    public int run(String... args) {
        return new UndockerCommandLine(sources, writers, new Console()).execute(args);
    }
}

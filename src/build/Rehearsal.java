import java.io.IOException;
import java.io.InputStream;
import java.nio.file.attribute.PosixFilePermissions;

/// Makes the start-up cache of a distribution, on the Java that this runs on: for the build, and
/// for `undocker rehearse` where the program was installed.
///
/// It travels with the distribution as `lib/rehearsal.jar`, and needs no compiler. Argument: the
/// `lib` folder. The cache holds where the jar lies and its time, so it belongs to this place, and
/// is of no use to another Java.
void main(String... arguments) throws InterruptedException {
    try {
        rehearse(Path.of(arguments[0]).toRealPath());
    } catch (FileSystemException e) {
        fail(
                e.getFile()
                        + ": "
                        + Objects.requireNonNullElse(e.getReason(), e.getClass().getName()));
    } catch (Exception e) {
        fail(e.getMessage());
    }
}

void fail(String why) {
    System.err.println("undocker: no start-up cache was made: " + why);
    System.exit(1);
}

/// Code that must not be rehearsed, because it is worth the best compiler: what was compiled in the
/// rehearsal, the cache has compiled the same way ever after.
String[] REHEARSED_WITHOUT = {
    "sun.security.provider.DigestBase::implCompressMultiBlock*",
    "com.sun.crypto.provider.GaloisCounterMode::implGCMCrypt",
    "com.sun.crypto.provider.CounterMode::crypt",
    "com.sun.crypto.provider.GHASH::update",
    "org.tukaani.xz.*::*"
};

/// Runs the jar once on what users do, and keeps what the virtual machine learns from it.
///
/// The rehearsal's compiler is C1 alone. Runs last seconds, so profiling the code for a better
/// compiler, as runs do without such a lesson, costs a third of their processor time for nothing.
/// Every later run compiles at once what was compiled here; so that must be what a conversion
/// repeats for every entry, however few entries there are here, and nothing that starts a program.
void rehearse(Path lib) throws Exception {
    Path jar = onlyJar(lib);
    Path caches = Files.createDirectories(lib.resolve("cache"));
    Path cache = caches.resolve(jar.getFileName().toString().replace(".jar", ".aot"));
    // beside the old cache, which somebody may be using
    Path unfinished = Files.createTempFile(caches, "unfinished", ".aot");
    Path stage = Files.createTempDirectory("undocker-rehearsal");
    try {
        Path layout = stage.resolve("layout");
        try (InputStream image = resource("hello.tar")) {
            Files.copy(image, stage.resolve("image.tar"));
        }
        RehearsalImage large = new RehearsalImage();
        large.writeArchive(stage.resolve("large.tar"));
        large.writeLayout(layout);
        run(jar, stage, layout, unfinished);
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(unfinished, cache, StandardCopyOption.ATOMIC_MOVE);
    } finally {
        Files.deleteIfExists(unfinished);
        deleteTree(stage);
    }
}

/// The program, which is named after its content.
Path onlyJar(Path lib) throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(lib, "undocker-*.jar")) {
        return jars.iterator().next();
    }
}

/// In an environment of its own: proxies and credentials are none of its business.
void run(Path jar, Path stage, Path layout, Path cache) throws Exception {
    Path log = stage.resolve("log");
    try (RehearsalRegistry registry = new RehearsalRegistry(layout, stage.resolve("keys"));
            InputStream script = resource("rehearsal.txt")) {
        String lines =
                new String(script.readAllBytes(), StandardCharsets.UTF_8)
                        .replace("PLAIN", registry.plainHost())
                        .replace("SECURE", registry.secureHost());
        Files.writeString(stage.resolve("rehearsal.txt"), lines);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.add("@" + jar.resolveSibling("jvm.options"));
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:CompileThresholdScaling=3");
        command.add("-XX:CompileCommand=CompileThresholdScaling,dev.undocker.*::*,0.02");
        for (String methods : REHEARSED_WITHOUT) {
            command.add("-XX:CompileCommand=exclude," + methods);
        }
        command.add("-XX:AOTCacheOutput=" + cache);
        command.addAll(List.of("-jar", jar.toString(), "rehearse", "rehearsal.txt"));
        ProcessBuilder java =
                new ProcessBuilder(command)
                        .directory(stage.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        java.environment().clear();
        java.environment().put("LC_ALL", "C.UTF-8");
        java.environment().put("HOME", stage.toString());
        int code = java.start().waitFor();
        if (code != 0 || Files.size(cache) == 0) {
            throw new IllegalStateException(
                    "the rehearsal ended with exit code " + code + "\n" + Files.readString(log));
        }
    }
}

InputStream resource(String name) {
    return getClass().getResourceAsStream(name);
}

void deleteTree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
        }
    }
}

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;

/// Makes the distribution: a folder with the launcher, the jar, and the jar's start-up cache; or,
/// of a native build, with the executable in the launcher's place.
///
/// The build starts this file as a program on the JDK that compiles the project. Arguments: the jar
/// or executable, the folder, an image to rehearse on.
///
/// The folder is always made from nothing, and the jar is named after its content: a changed jar
/// must never meet an old cache, because a JDK 25 may not notice and run the old code
/// (JDK-8377932).
void main(String... arguments) throws Exception {
    Path built = Path.of(arguments[0]);
    Path home = Path.of(arguments[1]).toAbsolutePath();
    Path image = Path.of(arguments[2]);

    deleteTree(home);
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.copy(Path.of("LICENSE"), home.resolve("LICENSE"));
    if (built.toString().endsWith(".jar")) {
        Path lib = Files.createDirectory(home.resolve("lib"));
        Files.copy(Path.of("src/main/dist/jvm.options"), lib.resolve("jvm.options"));
        Path draft = Files.copy(built, lib.resolve("draft.jar"));
        modernize(draft, built);
        String name = "undocker-" + sha256(draft).substring(0, 12);
        Path jar = Files.move(draft, lib.resolve(name + ".jar"));
        String launcher = Files.readString(Path.of("src/main/dist/undocker.sh"));
        Files.writeString(bin.resolve("undocker"), launcher.replace("@NAME@", name));
        rehearse(jar, image);
    } else {
        Files.copy(built, bin.resolve("undocker"));
    }
    Files.setPosixFilePermissions(
            bin.resolve("undocker"), PosixFilePermissions.fromString("rwxr-xr-x"));
}

/// Gives classes from before Java 6, which no cache takes, the form of Java 8: a stack map and a
/// newer version number. Saves a fifth of the processor time of a short run (picocli is one). To
/// the others [CallSiteLinker] gives what the cache cannot hold.
///
/// Java asks for a logger whenever it exits ([Runtime#exit]). Quarkus' finder of loggers would
/// start a log manager for that, so it goes.
void modernize(Path draft, Path built) throws IOException {
    URL[] classPath = {built.toUri().toURL()};
    try (FileSystem zip = FileSystems.newFileSystem(draft);
            URLClassLoader loader = new URLClassLoader(classPath);
            Stream<Path> files = Files.walk(zip.getPath("/"))) {
        Files.delete(zip.getPath("META-INF/services/java.lang.System$LoggerFinder"));
        ClassHierarchyResolver types =
                ClassHierarchyResolver.ofResourceParsing(loader)
                        .orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile format =
                ClassFile.of(
                        StackMapsOption.GENERATE_STACK_MAPS,
                        ClassHierarchyResolverOption.of(types));
        ClassTransform transform =
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                        .andThen(ClassTransform.dropping(ClassFileVersion.class::isInstance))
                        .andThen(
                                ClassTransform.endHandler(
                                        type -> type.withVersion(ClassFile.JAVA_8_VERSION, 0)));
        CallSiteLinker linker = new CallSiteLinker(format);
        for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
            ClassModel type = format.parse(Files.readAllBytes(file));
            if (type.majorVersion() < ClassFile.JAVA_6_VERSION) {
                Files.write(file, format.transformClass(type, transform));
            } else if (linker.hasSites(type)) {
                Files.write(file, linker.link(type));
            }
        }
    }
}

/// Code that must not be rehearsed, because it is worth the best compiler: what was compiled in the
/// rehearsal, the cache has compiled the same way ever after.
String[] REHEARSED_WITHOUT = {
    "sun.security.provider.DigestBase::implCompressMultiBlock*",
    "com.sun.crypto.provider.GaloisCounterMode*::*",
    "com.sun.crypto.provider.GHASH::*",
    "org.tukaani.xz.*::*"
};

/// Runs the jar once on what users do, and keeps what the virtual machine learns from it.
///
/// The rehearsal's compiler is C1 alone. Runs last seconds, so profiling the code for a better
/// compiler, as runs do without such a lesson, costs a third of their processor time for nothing.
/// Every later run compiles at once what was compiled here; so that must be what a conversion
/// repeats for every entry, however few entries there are here, and nothing that starts a program.
void rehearse(Path jar, Path image) throws Exception {
    Path stage = Files.createTempDirectory("undocker-rehearsal");
    Path cache = Path.of(jar.toString().replace(".jar", ".aot"));
    Path log = stage.resolve("log");
    Path layout = stage.resolve("layout");
    try {
        Files.copy(image, stage.resolve("image.tar"));
        RehearsalImage large = new RehearsalImage();
        large.writeArchive(stage.resolve("large.tar"));
        large.writeLayout(layout);
        rehearse(jar, stage, layout, cache, log);
    } finally {
        deleteTree(stage);
    }
}

void rehearse(Path jar, Path stage, Path layout, Path cache, Path log) throws Exception {
    try (RehearsalRegistry registry = new RehearsalRegistry(layout, stage.resolve("keys"))) {
        String script =
                Files.readString(Path.of("src/build/rehearsal.txt"))
                        .replace("PLAIN", registry.plainHost())
                        .replace("SECURE", registry.secureHost());
        Files.writeString(stage.resolve("rehearsal.txt"), script);
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
        int code =
                new ProcessBuilder(command)
                        .directory(stage.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start()
                        .waitFor();
        if (code != 0 || !Files.exists(cache)) {
            System.err.print(Files.readString(log));
            throw new IllegalStateException("the rehearsal left no cache, exit code " + code);
        }
    }
}

String sha256(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
}

void deleteTree(Path root) throws IOException {
    if (Files.exists(root)) {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

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
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Makes the distribution: a folder with the launcher, the jar, the jar's start-up cache, and a
/// list of what the jar is made of (SBOM); or, of a native build, with the executable in the
/// launcher's place.
///
/// The build starts this file as a program on the JDK that compiles the project. Arguments: the jar
/// or executable, the folder, an image to rehearse on, the SBOM, the build's time stamp.
///
/// The folder is always made from nothing, and the jar is named after its content: a changed jar
/// must never meet an old cache, because a JDK 25 may not notice and run the old code
/// (JDK-8377932).
void main(String... arguments) throws Exception {
    Path built = Path.of(arguments[0]);
    Path home = Path.of(arguments[1]).toAbsolutePath();
    Path image = Path.of(arguments[2]);
    Path sbom = Path.of(arguments[3]);
    String time = arguments[4];

    deleteTree(home);
    Path program = Files.createDirectories(home.resolve("bin")).resolve("undocker");
    Files.copy(Path.of("LICENSE"), home.resolve("LICENSE"));
    addSbom(sbom, Files.createDirectories(home.resolve("share/sbom")), time);
    if (built.toString().endsWith(".jar")) {
        Path lib = Files.createDirectory(home.resolve("lib"));
        Files.copy(Path.of("src/main/dist/jvm.options"), lib.resolve("jvm.options"));
        Path draft = lib.resolve("draft.jar");
        modernize(built, draft, LocalDateTime.ofInstant(Instant.parse(time), ZoneOffset.UTC));
        String name = "undocker-" + sha256(draft).substring(0, 12);
        Files.move(draft, lib.resolve(name + ".jar"));
        String launcher = Files.readString(Path.of("src/main/dist/undocker.sh"));
        Files.writeString(program, launcher.replace("@NAME@", name));
        makeExecutable(program);
        addRehearsal(lib, image, time);
        rehearse(program);
    } else {
        Files.copy(built, program);
        makeExecutable(program);
    }
}

void makeExecutable(Path program) throws IOException {
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
}

/// Its time is the only thing in it that differs from build to build.
void addSbom(Path sbom, Path directory, String time) throws IOException {
    String content = Files.readString(sbom);
    Files.writeString(
            directory.resolve("undocker.cdx.json"),
            content.replaceFirst("\"timestamp\" : \"[^\"]*\"", "\"timestamp\" : \"" + time + "\""));
}

/// Gives classes from before Java 6, which no cache takes, the form of Java 8: a stack map and a
/// newer version number. Saves a fifth of the processor time of a short run (picocli is one). To
/// the others [CallSiteLinker] gives what the cache cannot hold.
///
/// Java asks for a logger whenever it exits ([Runtime#exit]). Quarkus' finder of loggers would
/// start a log manager for that, so it goes.
///
/// Entries are sorted, and what differs from build to build goes: Quarkus records it on several
/// threads, and only a Quarkus that is booted as a whole reads it.
void modernize(Path built, Path jar, LocalDateTime time) throws IOException {
    URL[] classPath = {built.toUri().toURL()};
    try (ZipFile in = new ZipFile(built.toFile());
            ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
            URLClassLoader loader = new URLClassLoader(classPath)) {
        ClassHierarchyResolver types =
                ClassHierarchyResolver.ofResourceParsing(loader)
                        .orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile format =
                ClassFile.of(
                        StackMapsOption.GENERATE_STACK_MAPS,
                        ClassHierarchyResolverOption.of(types));
        CallSiteLinker linker = new CallSiteLinker(format);
        List<? extends ZipEntry> entries =
                in.stream()
                        .filter(entry -> NOT_NEEDED.stream().noneMatch(entry.getName()::startsWith))
                        .sorted(Comparator.comparing(ZipEntry::getName))
                        .toList();
        for (ZipEntry entry : entries) {
            ZipEntry copy = new ZipEntry(entry.getName());
            copy.setTimeLocal(time);
            out.putNextEntry(copy);
            byte[] content = in.getInputStream(entry).readAllBytes();
            out.write(
                    entry.getName().endsWith(".class")
                            ? modernize(content, format, linker)
                            : content);
        }
    }
}

List<String> NOT_NEEDED =
        List.of(
                "META-INF/services/java.lang.System$LoggerFinder",
                "io/quarkus/runner/",
                "io/quarkus/runtime/generated/");

byte[] modernize(byte[] content, ClassFile format, CallSiteLinker linker) {
    ClassModel type = format.parse(content);
    if (type.majorVersion() < ClassFile.JAVA_6_VERSION) {
        return format.transformClass(
                type,
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                        .andThen(ClassTransform.dropping(ClassFileVersion.class::isInstance))
                        .andThen(
                                ClassTransform.endHandler(changed ->
                                        changed.withVersion(ClassFile.JAVA_8_VERSION, 0))));
    }
    return linker.hasSites(type) ? linker.link(type) : content;
}

/// What makes the cache, here and where the program is installed: compiled, for there may be no
/// compiler.
void addRehearsal(Path lib, Path image, String time) throws IOException {
    Path stage = Files.createTempDirectory("undocker-rehearsal");
    try {
        Files.copy(image, stage.resolve("hello.tar"));
        Files.copy(Path.of("src/build/rehearsal.txt"), stage.resolve("rehearsal.txt"));
        run(
                "javac",
                "--release",
                "25",
                "-d",
                stage.toString(),
                "src/build/Rehearsal.java",
                "src/build/RehearsalImage.java",
                "src/build/RehearsalRegistry.java");
        run(
                "jar",
                "--create",
                "--file=" + lib.resolve("rehearsal.jar"),
                "--date=" + time,
                "--main-class=Rehearsal",
                "-C",
                stage.toString(),
                ".");
    } finally {
        deleteTree(stage);
    }
}

void run(String tool, String... arguments) {
    int code = ToolProvider.findFirst(tool).orElseThrow().run(System.out, System.err, arguments);
    if (code != 0) {
        throw new IllegalStateException(tool + ": exit code " + code);
    }
}

/// As a user would make it anew.
void rehearse(Path launcher) throws Exception {
    ProcessBuilder rehearsal = new ProcessBuilder(launcher.toString(), "rehearse").inheritIO();
    rehearsal.environment().put("UNDOCKER_JAVA_HOME", System.getProperty("java.home"));
    int code = rehearsal.start().waitFor();
    if (code != 0) {
        throw new IllegalStateException("rehearsal: exit code " + code);
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

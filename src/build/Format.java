import com.google.googlejavaformat.java.Main;

import java.io.PrintWriter;

/// Formats the project's Java sources (`apply`), or names those that are not formatted (`check`).
///
/// The build starts this file as a program on the JDK that compiles the project, because the
/// formatter cannot run on an older one.
void main(String... actions) throws Exception {
    List<String> arguments = new ArrayList<>();
    switch (actions[0]) {
        case "apply" -> arguments.addAll(List.of("--aosp", "--replace"));
        case "check" -> arguments.addAll(List.of("--aosp", "--dry-run", "--set-exit-if-changed"));
        default -> throw new IllegalArgumentException(actions[0]);
    }
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
        files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
    }
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int code = new Main(out, err, System.in).format(arguments.toArray(String[]::new));
    out.flush();
    if (code != 0) {
        err.println("Not every source file is formatted: run ./mvnw -Dformat process-sources");
    }
    System.exit(code);
}

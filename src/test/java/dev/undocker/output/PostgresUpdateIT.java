package dev.undocker.output;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.SearchPath;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A real database, whose machine is updated: Debian's PostgreSQL 15, from the files of this
/// machine.
@Tag("matrix")
class PostgresUpdateIT {
    private static final Path POSTGRES = Path.of("/usr/lib/postgresql/15");
    private static final String START =
            """
            [ -f /data/PG_VERSION ] || /usr/lib/postgresql/15/bin/initdb -D /data -A trust -E UTF8 --locale=C
            exec /usr/lib/postgresql/15/bin/postgres -D /data -k /tmp -c listen_addresses=
            """;

    private Path directory;
    private Path machines;
    private byte[] programs;

    @BeforeEach
    void makeImages() throws Exception {
        Requirements.root();
        Requirements.tools("lxc-start", "lxc-attach", "lxc-stop", "busybox", "tar");
        Requirements.require(Files.isDirectory(POSTGRES), "needs PostgreSQL 15");
        directory = Files.createTempDirectory("undocker-postgres");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        machines = Files.createDirectory(directory.resolve("machines"));
        programs = programs();
        save(1);
        save(2);
    }

    @AfterEach
    void remove() throws Exception {
        if (directory != null) {
            Undocker.program(Path.of("/bin/rm"), "-rf", directory).succeed();
        }
    }

    /// The programs with the libraries that they are linked with, as a tar.
    private byte[] programs() throws Exception {
        String script =
                """
                for p in initdb postgres psql; do ldd %1$s/bin/$p; done \\
                    | grep -o '/[^ ]*' | sort -u > libraries
                tar -C / -chf programs.tar --exclude='*llvm*' --exclude='*/bitcode' \\
                    .%1$s /usr/share/postgresql/15 /usr/share/zoneinfo/UTC $(cat libraries)
                """
                        .formatted(POSTGRES);
        Undocker.program(Path.of("/bin/sh"), "-ec", script).in(directory).succeed();
        return Files.readAllBytes(directory.resolve("programs.tar"));
    }

    private void save(int version) throws IOException {
        byte[] system =
                layer().file(
                                "bin/sh",
                                new String(
                                        Files.readAllBytes(Requirements.tool("busybox")),
                                        java.nio.charset.StandardCharsets.ISO_8859_1))
                        .mode(0755)
                        .file(
                                "etc/passwd",
                                "root:x:0:0::/:/bin/sh\npostgres:x:26:26::/data:/bin/sh\n")
                        .file("etc/group", "root:x:0:\npostgres:x:26:\n")
                        .dir("tmp/")
                        .mode(01777)
                        .dir("data/")
                        .mode(0700)
                        .owner(26, 26)
                        .file("version", "" + version)
                        .toBytes();
        ImageBuilder.image(programs, system)
                .config("Cmd", List.of("sh", "-c", START))
                .config("Env", List.of("PATH=/bin:/usr/lib/postgresql/15/bin", "V=" + version))
                .config("User", "postgres")
                .config("StopSignal", "SIGINT")
                .config("Volumes", Map.of("/data", Map.of()))
                .docker(ImageBuilder.Dialect.SKOPEO)
                .tar(directory.resolve("v%d.tar".formatted(version)));
    }

    private void convert(int version) throws Exception {
        Undocker.command(
                        "lxc",
                        "--format=dir",
                        "--name=db",
                        "--force",
                        "v" + version + ".tar",
                        machines)
                .in(directory)
                .succeed();
    }

    private String lxc(String program, Object... arguments) throws Exception {
        List<Object> all = new ArrayList<>(List.of("-P", machines, "-n", "db"));
        all.addAll(List.of(arguments));
        return Undocker.program(Requirements.tool(program), all.toArray())
                .with("PATH", SearchPath.withoutIdMapping(searchPath()).toString())
                .succeed()
                .text();
    }

    private Path searchPath() throws IOException {
        return Files.createTempDirectory(directory, "path").resolve("bin");
    }

    private String sql(String statement) throws Exception {
        return lxc(
                "lxc-attach",
                "--clear-env",
                "--",
                POSTGRES + "/bin/psql",
                "-h",
                "/tmp",
                "-U",
                "postgres",
                "-Atc",
                statement,
                "postgres");
    }

    private void start() throws Exception {
        lxc("lxc-start");
        for (int i = 0; i < 300; i++) {
            try {
                sql("select 1");
                return;
            } catch (AssertionError notYet) {
                Thread.sleep(200);
            }
        }
        throw new AssertionError("the database does not start");
    }

    @Test
    void aDatabaseKeepsItsTable() throws Exception {
        convert(1);
        Path config = machines.resolve("db/config");
        Files.writeString(
                config,
                Files.readString(config).replaceAll("(?m)^lxc\\.net\\..*\n", "")
                        + """
                        lxc.net.0.type = veth
                        lxc.net.0.flags = up
                        lxc.net.0.ipv4.address = 10.9.8.7/24
                        """);
        start();
        sql("create table t as select generate_series(1, 100000) as n");
        Undocker.Result refused =
                Undocker.command("lxc", "--format=dir", "--name=db", "--force", "v2.tar", machines)
                        .in(directory)
                        .run();
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.errors()).contains("is in use");
        lxc("lxc-stop", "-t", "60");
        convert(2);
        start();
        assertThat(sql("select sum(n) from t")).isEqualTo("5000050000\n");
        assertThat(sql("show data_directory")).isEqualTo("/data\n");
        assertThat(lxc("lxc-info", "-iH")).isEqualTo("10.9.8.7\n");
        lxc("lxc-stop", "-t", "60");
        assertThat(machines.resolve("db/rootfs/version")).hasContent("2");
        assertThat(machines.resolve("db.previous/rootfs/version")).hasContent("1");
        assertThat(machines.resolve("db.previous/rootfs/data")).isEmptyDirectory();
    }
}

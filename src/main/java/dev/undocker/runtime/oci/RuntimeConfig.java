package dev.undocker.runtime.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;

import dev.undocker.JsonEscape;
import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessUser;
import dev.undocker.runtime.RuntimeMounts;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The `config.json` of an OCI runtime bundle whose root file system is `rootfs`, by the rules of
/// image-spec `conversion.md`; what those leave open is as podman sets it.
public final class RuntimeConfig {
    /// What the file mounts, volumes aside.
    public static final RuntimeMounts MOUNTS = new RuntimeMounts("the runtime", List.of());

    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .characterEscapes(new JsonEscape(JsonEscape.DELETE))
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .build();
    private static final List<String> CAPABILITIES =
            List.of(
                    "CAP_CHOWN",
                    "CAP_DAC_OVERRIDE",
                    "CAP_FOWNER",
                    "CAP_FSETID",
                    "CAP_KILL",
                    "CAP_NET_BIND_SERVICE",
                    "CAP_SETFCAP",
                    "CAP_SETGID",
                    "CAP_SETPCAP",
                    "CAP_SETUID",
                    "CAP_SYS_CHROOT");
    private static final List<String> MASKED =
            List.of(
                    "/proc/acpi",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/sched_debug",
                    "/proc/scsi",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/sys/dev/block",
                    "/sys/devices/virtual/powercap",
                    "/sys/firmware",
                    "/sys/fs/selinux");
    private static final List<String> READ_ONLY =
            List.of(
                    "/proc/asound",
                    "/proc/bus",
                    "/proc/fs",
                    "/proc/irq",
                    "/proc/sys",
                    "/proc/sysrq-trigger");
    private static final String ANNOTATION = "org.opencontainers.image.";

    private final ImageConfig image;
    private final ProcessDescription process;
    private final SpecVersion version;
    private final UserNamespace users;
    private final JsonGenerator json;

    private RuntimeConfig(
            ImageConfig image,
            ProcessDescription process,
            SpecVersion version,
            UserNamespace users,
            JsonGenerator json) {
        this.image = image;
        this.process = process;
        this.version = version;
        this.users = users;
        this.json = json;
    }

    /// The file's bytes, the same for the same arguments.
    ///
    /// @param volumes what is mounted on the image's volumes
    /// @param resolver whether the host's `/etc/resolv.conf` is to be mounted, on a file that has
    ///   to be there; only from OCI 1.0.2 on
    /// @param terminal true for a process that is given a terminal
    public static byte[] json(
            ImageConfig image,
            ProcessDescription process,
            ContainerName hostname,
            SpecVersion version,
            UserNamespace users,
            List<OciMount> volumes,
            boolean resolver,
            boolean terminal,
            Warnings warnings) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        printer.indentObjectsWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        try (JsonGenerator json = JSON.createGenerator(bytes).setPrettyPrinter(printer)) {
            new RuntimeConfig(image, process, version, users, json)
                    .write(hostname, volumes, resolver, terminal, warnings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private void write(
            ContainerName hostname,
            List<OciMount> volumes,
            boolean resolver,
            boolean terminal,
            Warnings warnings)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("ociVersion", version.toString());
        process(terminal, warnings);
        json.writeObjectFieldStart("root");
        json.writeStringField("path", "rootfs");
        json.writeBooleanField("readonly", false);
        json.writeEndObject();
        json.writeStringField("hostname", hostname.text());
        mounts(volumes, resolver);
        annotations();
        linux();
        json.writeEndObject();
    }

    private void process(boolean terminal, Warnings warnings) throws IOException {
        json.writeObjectFieldStart("process");
        json.writeBooleanField("terminal", terminal);
        user(process.user(), warnings);
        strings("args", process.argv());
        strings(
                "env",
                process.environment().stream().map(EnvironmentVariable::assignment).toList());
        json.writeStringField("cwd", process.workingDirectory());
        json.writeObjectFieldStart("capabilities");
        strings("bounding", CAPABILITIES);
        boolean root = process.user().uid() == 0;
        strings("effective", root ? CAPABILITIES : List.of());
        strings("permitted", root ? CAPABILITIES : List.of());
        json.writeEndObject();
        json.writeBooleanField("noNewPrivileges", false);
        json.writeEndObject();
    }

    private void user(ProcessUser user, Warnings warnings) throws IOException {
        json.writeObjectFieldStart("user");
        json.writeNumberField("uid", user.uid());
        json.writeNumberField("gid", user.gid());
        if (users.rootless()) {
            if (!user.isPlainRoot()) {
                warnings.warn(
                        "user %d:%d: a rootless container has no other user than root"
                                .formatted(user.uid(), user.gid()));
            }
        } else if (!user.groups().isEmpty()) {
            json.writeArrayFieldStart("additionalGids");
            for (long group : user.groups()) {
                json.writeNumber(group);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void mounts(List<OciMount> volumes, boolean resolver) throws IOException {
        List<OciMount> mounts = new ArrayList<>(OciMount.kernel(users));
        mounts.addAll(volumes);
        // systemd-nspawn would let the container write the host's file
        if (resolver && version != SpecVersion.V1_0_0) {
            mounts.add(OciMount.RESOLVER);
        }
        json.writeArrayFieldStart("mounts");
        for (OciMount mount : mounts) {
            json.writeStartObject();
            json.writeStringField("destination", wellFormed(mount.destination()));
            json.writeStringField("type", mount.type());
            json.writeStringField("source", mount.source());
            strings("options", mount.options());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void annotations() throws IOException {
        SortedMap<String, String> annotations = new TreeMap<>();
        annotations.put(ANNOTATION + "os", image.platform().os());
        annotations.put(ANNOTATION + "architecture", image.platform().architecture());
        putPresent(annotations, "variant", image.platform().variant());
        putPresent(annotations, "author", image.author());
        putPresent(annotations, "created", image.created());
        annotations.put(ANNOTATION + "stopSignal", process.stopSignal().name());
        if (!image.exposedPorts().isEmpty()) {
            annotations.put(ANNOTATION + "exposedPorts", String.join(",", image.exposedPorts()));
        }
        annotations.putAll(image.labels());
        // an empty key is no valid annotation
        annotations.remove("");
        json.writeObjectFieldStart("annotations");
        for (Map.Entry<String, String> annotation : annotations.entrySet()) {
            json.writeStringField(
                    wellFormed(annotation.getKey()), wellFormed(annotation.getValue()));
        }
        json.writeEndObject();
    }

    private static void putPresent(
            Map<String, String> annotations, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            annotations.put(ANNOTATION + name, value);
        }
    }

    private void linux() throws IOException {
        json.writeObjectFieldStart("linux");
        if (users.exists()) {
            mappings("uidMappings", users.uids());
            mappings("gidMappings", users.gids());
        }
        if (version != SpecVersion.V1_0_0 && !users.rootless()) {
            // the image's own device nodes are as dangerous as the host's
            json.writeObjectFieldStart("resources");
            json.writeArrayFieldStart("devices");
            json.writeStartObject();
            json.writeBooleanField("allow", false);
            json.writeStringField("access", "rwm");
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeArrayFieldStart("namespaces");
        for (String type : namespaces()) {
            json.writeStartObject();
            json.writeStringField("type", type);
            json.writeEndObject();
        }
        json.writeEndArray();
        strings("maskedPaths", MASKED);
        strings("readonlyPaths", READ_ONLY);
        json.writeEndObject();
    }

    private List<String> namespaces() {
        List<String> types = new ArrayList<>(List.of("pid", "ipc", "uts", "mount", "cgroup"));
        if (!users.rootless()) {
            types.add("network");
        }
        if (users.exists()) {
            types.add("user");
        }
        return types;
    }

    private void mappings(String name, List<IdMapping> mappings) throws IOException {
        json.writeArrayFieldStart(name);
        for (IdMapping mapping : mappings) {
            json.writeStartObject();
            json.writeNumberField("containerID", mapping.container());
            json.writeNumberField("hostID", mapping.host());
            json.writeNumberField("size", mapping.size());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void strings(String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    /// UTF-8 cannot hold half a surrogate pair, which JSON can: U+FFFD stands for it.
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    }
}

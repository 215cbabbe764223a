package dev.undocker.runtime.proxmox;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What Proxmox VE takes a root file system for, by the rules of pve-container 6.1
/// (`autodetect_type` and the classes in `PVE/LXC/Setup`): the ID of os-release(5), else the files
/// that distributions are known by. For a system that it knows it writes host name, name servers
/// and addresses into the container; for `unmanaged` it writes nothing.
///
/// @param name of the option `--ostype`
/// @param isDetected false where `pct create` fails unless it is told
public record OsType(String name, boolean isDetected) {
    private static final int SIZE_LIMIT = 64 << 10;
    private static final Set<String> KNOWN =
            Set.of(
                    "alpine",
                    "archlinux",
                    "centos",
                    "debian",
                    "devuan",
                    "fedora",
                    "gentoo",
                    "nixos",
                    "openeuler",
                    "opensuse",
                    "ubuntu",
                    "unmanaged");
    private static final Map<String, String> RELATED =
            Map.of(
                    "opensuse-leap", "opensuse",
                    "opensuse-tumbleweed", "opensuse",
                    "opensuse-slowroll", "opensuse",
                    "openEuler", "openeuler",
                    "arch", "archlinux",
                    "sles", "opensuse",
                    "rocky", "centos",
                    "almalinux", "centos");

    /// In the order in which they are looked for.
    private static final List<Map.Entry<String, String>> FILES =
            List.of(
                    Map.entry("etc/debian_version", "debian"),
                    Map.entry("etc/devuan_version", "devuan"),
                    Map.entry("etc/SuSE-brand", "opensuse"),
                    Map.entry("etc/SuSE-release", "opensuse"),
                    Map.entry("etc/fedora-release", "fedora"),
                    Map.entry("etc/centos-release", "centos"),
                    Map.entry("etc/redhat-release", "centos"),
                    Map.entry("etc/arch-release", "archlinux"),
                    Map.entry("etc/alpine-release", "alpine"),
                    Map.entry("etc/gentoo-release", "gentoo"),
                    Map.entry("nix/store", "nixos"),
                    Map.entry("etc/openEuler-release", "openeuler"));

    /// What the class of a system reads, without which it gives up.
    private static final Map<String, String> NEEDED =
            Map.of(
                    "centos", "etc/redhat-release",
                    "debian", "etc/debian_version",
                    "devuan", "etc/devuan_version",
                    "ubuntu", "etc/lsb-release");

    private static final Pattern ID =
            Pattern.compile("(?m)^\\s*ID=(?:'([^']*)'|\"([^\"]*)\"|(\\w*))");
    private static final Pattern UBUNTU = Pattern.compile("(?im)^DISTRIB_ID=Ubuntu$");

    /// @throws UndockerException when a file cannot be read
    public static OsType of(RootfsView rootfs) {
        String found = detect(rootfs);
        String needed = found == null ? null : NEEDED.get(found);
        if (found == null || (needed != null && !exists(needed, rootfs))) {
            return new OsType("unmanaged", false);
        }
        return new OsType(found, true);
    }

    /// True where Proxmox VE configures the container.
    public boolean isManaged() {
        return !name.equals("unmanaged");
    }

    /// True where addresses are written to `/etc/network/interfaces` (interfaces(5)).
    public boolean usesInterfaces() {
        return Set.of("alpine", "debian", "devuan", "ubuntu").contains(name);
    }

    private static @Nullable String detect(RootfsView rootfs) {
        String release = text("etc/os-release", rootfs);
        String id = id(release == null ? text("usr/lib/os-release", rootfs) : release);
        if (KNOWN.contains(id)) {
            return id;
        }
        if (RELATED.containsKey(id)) {
            return RELATED.get(id);
        }
        String lsb = text("etc/lsb-release", rootfs);
        if (lsb != null && UBUNTU.matcher(lsb).find()) {
            return "ubuntu";
        }
        for (Map.Entry<String, String> file : FILES) {
            if (exists(file.getKey(), rootfs)) {
                return file.getValue();
            }
        }
        return release == null ? "unmanaged" : null;
    }

    private static String id(@Nullable String release) {
        Matcher id = ID.matcher(release == null ? "" : release);
        String found = "";
        while (id.find()) {
            for (int group = 1; group <= 3; group++) {
                found = id.group(group) == null ? found : id.group(group);
            }
        }
        return found;
    }

    private static boolean exists(String path, RootfsView rootfs) {
        return rootfs.resolve(RootfsPath.of(path)) != null;
    }

    private static @Nullable String text(String path, RootfsView rootfs) {
        if (!(rootfs.resolve(RootfsPath.of(path)) instanceof Inode.RegularFile file)) {
            return null;
        }
        try {
            byte[] bytes = file.content().bytes(SIZE_LIMIT);
            return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw UndockerException.because("/" + path, e);
        }
    }
}

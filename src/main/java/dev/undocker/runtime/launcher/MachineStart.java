package dev.undocker.runtime.launcher;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/// What a launcher does first where it is the first process of a machine, not of a container: it
/// mounts what every program expects, gives the machine its name, and brings the loopback interface
/// up. The program is then a process of its own, which is told when the machine should end, and at
/// whose end it is powered off.
///
/// @param hostname at most 64 bytes
/// @param stopSignal number of the signal that asks the program to end (signal(7))
public record MachineStart(String hostname, int stopSignal) {
    private static final int NOSUID = 2; // sys/mount.h
    private static final int NODEV = 4;
    private static final int NOEXEC = 8;

    /// As systemd makes them (`src/shared/mount-setup.c`).
    static final List<Mount> MOUNTS =
            List.of(
                    new Mount("/proc", "proc", NOSUID | NODEV | NOEXEC, ""),
                    new Mount("/sys", "sysfs", NOSUID | NODEV | NOEXEC, ""),
                    new Mount("/dev", "devtmpfs", NOSUID, "mode=755"),
                    new Mount("/dev/pts", "devpts", NOSUID | NOEXEC, "mode=620,gid=5,ptmxmode=666"),
                    new Mount("/dev/shm", "tmpfs", NOSUID | NODEV, "mode=1777"),
                    new Mount("/run", "tmpfs", NOSUID | NODEV, "mode=755"));

    static final int AF_INET = 2; // socket(2)
    static final int SOCK_DGRAM = 2;

    /// netdevice(7).
    static final int SIOCSIFFLAGS = 0x8914;

    private static final int BYTES = 256;
    private static final int SIGNAL = 0x7f;
    private static final int IFF_UP = 1;
    private static final int NAME_SIZE = 16;
    private static final int REQUEST_SIZE = 40;

    /// A kernel gives its first process three, so that a socket is the fourth; which one it is a
    /// launcher cannot find out.
    static final int LAST_DESCRIPTOR = 4;

    static final long REBOOT_MAGIC1 = 0xfee1_deadL; // linux/reboot.h
    static final long REBOOT_MAGIC2 = 0x2812_1969L;
    static final long POWER_OFF = 0x4321_fedcL;

    /// Ctrl-Alt-Del is `SIGINT` for the first process.
    static final long CAD_OFF = 0;

    /// What asks a first process to end the machine: Ctrl-Alt-Del (`SIGINT`), kill(1), `SIGPWR` as
    /// LXC and UPS daemons send it, and systemd's `SIGRTMIN+3` and `SIGRTMIN+4`, halt and power
    /// off.
    static final List<Integer> REQUESTS = List.of(2, 15, 30, 37, 38);

    /// `SIGUSR1`, by which the program's process says that it is there.
    static final int READY = 10;

    /// What the console hears in the end; the code and the signal follow.
    static final String ENDED = "undocker: the command has ended with exit code ";

    /// By the status' second byte (wait(2)).
    static List<String> exitCodes() {
        return IntStream.range(0, BYTES).mapToObj(Integer::toString).toList();
    }

    /// By its first byte: the signal, and whether the kernel dumped core.
    static List<String> signals() {
        return IntStream.range(0, BYTES)
                .map(status -> status & SIGNAL)
                .mapToObj(signal -> signal == 0 ? "\n" : ", signal %d\n".formatted(signal))
                .toList();
    }

    /// A file system that is mounted; its own name is its source.
    record Mount(String point, String type, int flags, String data) {}

    /// A `struct ifreq` that says so.
    static byte[] loopbackUp(ByteOrder order) {
        return ByteBuffer.allocate(REQUEST_SIZE)
                .order(order)
                .put("lo".getBytes(StandardCharsets.US_ASCII))
                .putShort(NAME_SIZE, (short) IFF_UP)
                .array();
    }
}

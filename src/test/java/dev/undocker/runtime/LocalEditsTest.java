package dev.undocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.runtime.lxc.LxcSubjects;
import dev.undocker.runtime.nspawn.NspawnSubjects;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// What of an administrator's changes is there after an update.
class LocalEditsTest {
    private final List<String> warnings = new ArrayList<>();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Without what the next update needs.
    private static String visible(byte[] text) {
        String all = new String(text, StandardCharsets.ISO_8859_1);
        return all.substring(0, all.indexOf("\n# What undocker wrote"));
    }

    private byte[] update(SettingsGrammar grammar, byte[] file, String next) {
        return LocalEdits.of(file, grammar).applyTo(bytes(next), "config", warnings::add);
    }

    /// @param edit of the whole file, as an editor shows it
    private String updated(
            SettingsGrammar grammar, String first, UnaryOperator<String> edit, String next) {
        byte[] written = LocalEdits.none(grammar).applyTo(bytes(first), "config", warnings::add);
        assertThat(visible(written).strip()).isEqualTo(first.strip());
        String edited = edit.apply(new String(written, StandardCharsets.ISO_8859_1));
        byte[] once = update(grammar, bytes(edited), next);
        // nothing changes when nothing has changed
        assertThat(update(grammar, once, next)).isEqualTo(once);
        return visible(once);
    }

    private String lxc(String first, UnaryOperator<String> edit, String next) {
        return updated(new LxcSubjects(), first, edit, next);
    }

    private String nspawn(String first, UnaryOperator<String> edit, String next) {
        return updated(new NspawnSubjects(), first, edit, next);
    }

    @Test
    void untouchedSettingsAreTheImages() {
        assertThat(
                        lxc(
                                "lxc.init.cmd = /a\nlxc.environment = \"A=1\"\n# volume: /x\n",
                                edited -> edited,
                                "lxc.init.cmd = /b\nlxc.environment = \"B=1\"\n"))
                .isEqualTo("lxc.init.cmd = /b\nlxc.environment = \"B=1\"\n");
        assertThat(warnings).isEmpty();
    }

    @Test
    void linesOfTheMachineStay() {
        String first = "lxc.arch = amd64\nlxc.net.0.type = veth\nlxc.include = \"/w.conf\"\n";
        assertThat(
                        lxc(
                                first,
                                edited ->
                                        edited.replace(
                                                        "type = veth",
                                                        "type = veth\n"
                                                                + "# ours\n"
                                                                + "lxc.net.0.ipv4.address ="
                                                                + " 10.0.0.5/24")
                                                + "lxc.start.auto = 1\n",
                                "lxc.arch = arm64\n"
                                        + first.substring(17)
                                        + "lxc.include = \"/x\"\n"))
                .isEqualTo(
                        """
                        lxc.arch = arm64
                        lxc.net.0.type = veth
                        # ours
                        lxc.net.0.ipv4.address = 10.0.0.5/24
                        lxc.include = "/w.conf"
                        lxc.start.auto = 1
                        lxc.include = "/x"
                        """);
        assertThat(warnings).isEmpty();
    }

    @Test
    void changedAndRemovedLinesStayChangedAndRemoved() {
        assertThat(
                        lxc(
                                "lxc.init.cmd = /a\n"
                                        + "lxc.environment = \"A=1\"\n"
                                        + "lxc.environment = \"B=1\"\n"
                                        + "lxc.mount.entry = shm\n",
                                edited ->
                                        edited.replaceFirst("= /a", "= /a -v")
                                                .replaceFirst("A=1", "A=2")
                                                .replaceFirst("(?m)^lxc.mount.*\n", ""),
                                "lxc.init.cmd = /b\n"
                                        + "lxc.environment = \"A=1\"\n"
                                        + "lxc.environment = \"B=2\"\n"
                                        + "lxc.mount.entry = shm\n"))
                .isEqualTo(
                        "lxc.init.cmd = /a -v\n"
                                + "lxc.environment = \"A=2\"\n"
                                + "lxc.environment = \"B=2\"\n");
        assertThat(warnings)
                .containsExactly(
                        "config: lxc.init.cmd: stays as it was changed here; the image has changed"
                                + " it too");
    }

    /// A command of several lines is one setting, with the comments between them.
    @Test
    void linesThatGoOnAreOne() {
        String written = "[Exec]\nParameters=a\nWorkingDirectory=/\n";
        UnaryOperator<String> edit =
                edited ->
                        edited.replace(
                                "Parameters=a",
                                "Parameters=x \\\n# two more\n  Boot=no \\\n  z\nBoot=no");
        assertThat(nspawn(written, edit, "[Exec]\nParameters=b\nWorkingDirectory=/w\n"))
                .isEqualTo(
                        "[Exec]\nParameters=x \\\n# two more\n  Boot=no \\\n  z\nBoot=no\n"
                                + "WorkingDirectory=/w\n");
    }

    @Test
    void sectionsAreKeptApart() {
        assertThat(
                        nspawn(
                                "[Exec]\nBoot=no\nEnvironment=A=1\n\n[Files]\nBind=/a:/a\n",
                                edited ->
                                        edited.replaceFirst(
                                                "Bind=/a:/a",
                                                "Bind=/a:/a\nBind=/b:/b\n[Network]\nZone=x"),
                                "[Exec]\nBoot=no\nEnvironment=\"B=1\"\n\n[Files]\nBind=/c:/c\n"))
                .isEqualTo(
                        """
                        [Exec]
                        Boot=no
                        Environment="B=1"

                        [Files]
                        Bind=/b:/b
                        Bind=/c:/c

                        [Network]
                        Zone=x
                        """);
    }

    @Test
    void bytesStayBytes() {
        assertThat(
                        lxc(
                                "lxc.uts.name = a\n",
                                e -> e + "lxc.x = \u00ff\u0080\n",
                                "lxc.uts.name = b\n"))
                .isEqualTo("lxc.uts.name = b\nlxc.x = \u00ff\u0080\n");
    }

    @Test
    void nothingIsKnownOfAnotherFile() {
        LocalEdits edits = LocalEdits.of(bytes("lxc.arch = x\n"), new LxcSubjects());
        assertThat(edits.areKnown()).isFalse();
        assertThat(visible(edits.applyTo(bytes("lxc.arch = y\n"), "config", warnings::add)))
                .isEqualTo("lxc.arch = y\n");
    }

    @Test
    void volumesAreRemembered() {
        byte[] file =
                LocalEdits.none(new LxcSubjects())
                        .applyTo(bytes("# volume: /my data\n# label: x\n"), "config", _ -> {});
        assertThat(LocalEdits.of(file, new LxcSubjects()).volumes()).containsExactly("/my data");
    }

    @Test
    void aDamagedRecordIsNotBelieved() {
        byte[] file =
                LocalEdits.none(new LxcSubjects())
                        .applyTo(bytes("lxc.arch = amd64\n"), "config", _ -> {});
        String text = new String(file, StandardCharsets.ISO_8859_1);
        int at = text.lastIndexOf("#| ") + 5;
        for (String damage : List.of("A", "B", "!", "")) {
            byte[] damaged = bytes(text.substring(0, at) + damage + text.substring(at + 1));
            boolean same = java.util.Arrays.equals(damaged, file);
            assertThat(LocalEdits.of(damaged, new LxcSubjects()).areKnown()).isEqualTo(same);
        }
    }
}

package dev.undocker.runtime.oci;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;

import java.util.List;

/// Which runtime-spec a configuration follows. Nothing in ours needs a newer one.
public enum SpecVersion {
    /// The only version that systemd-nspawn reads. It sets device rules itself, fails on them here
    /// without the system's bus, and does not know `tmpcopyup`.
    V1_0_0("1.0.0"),
    V1_0_2("1.0.2");

    private final String text;

    SpecVersion(String text) {
        this.text = text;
    }

    /// Whether those who read it can begin a tmpfs with what the image has in its place.
    public boolean copiesUp() {
        return this != V1_0_0;
    }

    /// @throws UndockerException when it is none of these; it comes from the command line
    public static SpecVersion parse(String text) {
        for (SpecVersion version : values()) {
            if (version.text.equals(text)) {
                return version;
            }
        }
        throw Spelling.refusal("--oci-version " + text, text, List.of("1.0.0", "1.0.2"));
    }

    @Override
    public String toString() {
        return text;
    }
}

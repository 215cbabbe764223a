package dev.undocker.source.manifest;

import dev.undocker.image.Platform;
import dev.undocker.source.ImageName;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/// An image that the user may mean.
///
/// @param descriptor of its manifest, or of an index that is still to be looked into
/// @param position of the entry of the outermost index that leads to it, from 0
/// @param name null when it has none
/// @param refName the name as the specification's annotation has it; null when there is none
/// @param platform null when no index says it
record Candidate(
        Descriptor descriptor,
        int position,
        @Nullable String name,
        @Nullable String refName,
        @Nullable Platform platform) {
    static Candidate top(Descriptor descriptor, int position) {
        return new Candidate(
                descriptor,
                position,
                descriptor.name(),
                descriptor.refName(),
                descriptor.platform());
    }

    /// An entry of the index that this candidate leads to. Names and platform are passed on.
    Candidate child(Descriptor entry) {
        return new Candidate(
                entry,
                position,
                name != null ? name : entry.name(),
                refName != null ? refName : entry.refName(),
                entry.platform() != null ? entry.platform() : platform);
    }

    Candidate withPlatform(Platform found) {
        return new Candidate(descriptor, position, name, refName, found);
    }

    boolean isCalled(String selector) {
        return selector.equals(refName) || selector.equals(name) || selector.equals("@" + position);
    }

    /// True when a full name is the selector in other words, or has it as its tag.
    boolean isLooselyCalled(String selector) {
        return matches(selector, name) || matches(selector, refName);
    }

    private static boolean matches(String selector, @Nullable String name) {
        return name != null
                && (selector.equals(ImageName.split(name).tag())
                        || ImageName.normalize(selector).equals(ImageName.normalize(name)));
    }

    /// What the user may write to choose it.
    String selector() {
        return Objects.requireNonNullElse(name, numbered());
    }

    /// What chooses it where others have the same name.
    String numbered() {
        return "@" + position;
    }
}

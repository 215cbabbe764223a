package dev.undocker.source.dockerarchive;

import dev.undocker.source.ImageName;
import dev.undocker.source.JsonDocument;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// An entry of `manifest.json`: one image and the members it consists of.
///
/// @param number its position, from 0
/// @param config the member with the config
/// @param tags such as `busybox:latest`; may be empty
/// @param layers the members with the layers, base first; one may occur twice
record SavedImage(int number, String config, List<String> tags, List<String> layers) {
    static SavedImage parse(int number, JsonDocument document) {
        return new SavedImage(
                number,
                document.require("Config").string(),
                document.strings("RepoTags"),
                document.strings("Layers"));
    }

    boolean isCalled(String selector) {
        return selector.equals(numbered()) || tag(selector) != null;
    }

    /// The first tag that means `selector`.
    @Nullable String tag(String selector) {
        String name = ImageName.normalize(selector);
        return tags.stream()
                .filter(tag -> ImageName.normalize(tag).equals(name))
                .findFirst()
                .orElse(null);
    }

    /// What the user may write to choose it.
    String selector() {
        return tags.isEmpty() ? numbered() : tags.getFirst();
    }

    /// What chooses it where others have the same tag.
    String numbered() {
        return "@" + number;
    }
}

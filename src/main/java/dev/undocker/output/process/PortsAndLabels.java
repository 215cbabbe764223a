package dev.undocker.output.process;

import dev.undocker.image.ImageConfig;
import dev.undocker.output.OutputRequest;

/// What an image says of its ports and of itself, and many formats have no place for.
public final class PortsAndLabels {
    private PortsAndLabels() {}

    /// Warns of each that the image has.
    ///
    /// @param format what they do not come into, such as `a template`
    public static void leftOutOf(String format, OutputRequest request) {
        ImageConfig config = request.image().config();
        if (!config.exposedPorts().isEmpty()) {
            request.events().warn("ports: left out: %s names none".formatted(format));
        }
        if (!config.labels().isEmpty()) {
            request.events().warn("labels: left out: %s has none".formatted(format));
        }
    }
}

package dev.undocker.runtime;

import java.util.ArrayDeque;
import java.util.Deque;

/// Absolute paths as a process in the container writes them.
public final class ContainerPath {
    private ContainerPath() {}

    /// `path` seen from the absolute `base`, without empty, `.` and `..` components; `..` at the
    /// root stays there, as in the kernel.
    public static String absolute(String base, String path) {
        Deque<String> components = new ArrayDeque<>();
        for (String component : (path.startsWith("/") ? path : base + "/" + path).split("/")) {
            if (component.equals("..")) {
                components.pollLast();
            } else if (!component.isEmpty() && !component.equals(".")) {
                components.addLast(component);
            }
        }
        return "/" + String.join("/", components);
    }
}

package dev.undocker.linux;

/// A program without a virtual machine, compiled before it is run.
public final class NativeExecutable {
    private NativeExecutable() {}

    /// Whether this is one (org.graalvm.nativeimage.ImageInfo, which is not there at run time).
    public static boolean isThis() {
        return System.getProperty("org.graalvm.nativeimage.imagecode") != null;
    }
}

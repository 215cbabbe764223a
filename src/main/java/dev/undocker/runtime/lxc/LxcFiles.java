package dev.undocker.runtime.lxc;

/// Where LXC's packages keep what configurations refer to.
public enum LxcFiles {
    /// As installed.
    INSTALLED("/usr/share/lxc/config", "/usr/share/lxc/hooks"),
    /// In a bundle for `lxc-create -t local`, which replaces the words.
    TEMPLATE("LXC_TEMPLATE_CONFIG", "LXC_HOOK_DIR");

    private final String configurations;
    private final String hooks;

    LxcFiles(String configurations, String hooks) {
        this.configurations = configurations;
        this.hooks = hooks;
    }

    /// One of the files that configurations include.
    public String configuration(String name) {
        return configurations + "/" + name;
    }

    /// One of the programs that LXC starts on the host.
    public String hook(String name) {
        return hooks + "/" + name;
    }
}

package dev.undocker.runtime.lxc;

/// Where a container has its address and its name servers from.
public enum LxcNetwork {
    /// The address stands in the configuration, and the name servers are the host's.
    CONFIGURED,
    /// The program `dhclient` of the host asks for both, and writes the container's
    /// `/etc/resolv.conf`: LXC's own hook, made for images without an init.
    DHCP
}

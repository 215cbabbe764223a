package dev.undocker.source.daemon;

import java.util.function.Supplier;

import javax.net.ssl.SSLSocketFactory;

/// How daemons in the network are talked to.
///
/// @param wanted false for plain HTTP, unless the address says otherwise
/// @param sockets reads the user's certificates; not asked for where there is no TLS
record DaemonTls(boolean wanted, Supplier<SSLSocketFactory> sockets) {}

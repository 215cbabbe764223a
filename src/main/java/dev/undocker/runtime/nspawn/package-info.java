/// The settings file that systemd-nspawn reads beside a machine (systemd.nspawn(5)).
@NullMarked
package dev.undocker.runtime.nspawn;

import org.jspecify.annotations.NullMarked;

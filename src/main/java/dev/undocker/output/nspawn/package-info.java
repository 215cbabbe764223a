/// What systemd-nspawn starts: a machine's tree and its settings.
@NullMarked
package dev.undocker.output.nspawn;

import org.jspecify.annotations.NullMarked;

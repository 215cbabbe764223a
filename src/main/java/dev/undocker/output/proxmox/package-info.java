/// Templates for Proxmox VE.
@NullMarked
package dev.undocker.output.proxmox;

import org.jspecify.annotations.NullMarked;

/// Templates for Proxmox VE.
@NullMarked
package dev.undocker.runtime.proxmox;

import org.jspecify.annotations.NullMarked;

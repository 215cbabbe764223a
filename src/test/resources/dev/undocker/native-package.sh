#!/bin/sh
# Installs, uses and purges the package of the native executable in a fresh Debian system, where no Java is
# found. Arguments: those of fresh-system.sh; the folder has `target` and `examples`.
. "$(dirname "$0")/fresh-system.sh"

# what is only recommended would come over the network, and stay when undocker goes
echo 'APT::Install-Recommends "false";' > "$root/etc/apt/apt.conf.d/recommends"

debian_files > "$work/before"
inside DEBIAN_FRONTEND=noninteractive sh -c 'apt-get install -y ./target/undocker_*.deb'
inside undocker rootfs examples/hello.tar by-package.tar 2> "$work/by-package.errors"
man --manpath="$root/usr/share/man" --path undocker-rootfs
ls "$root/usr/share/bash-completion/completions/undocker" "$root/usr/share/zsh/vendor-completions/_undocker" \
    "$root/usr/share/fish/vendor_completions.d/undocker.fish"
[ ! -e "$root/usr/share/undocker" ]
[ ! -e "$root/var/cache/undocker" ]
inside apt-get purge -y undocker
debian_files > "$work/after"

inside sh -c 'tar -xzf target/undocker-*.tar.gz -C /opt'
inside sh -c '/opt/undocker-*/bin/undocker rootfs examples/hello.tar by-archive.tar' 2> "$work/by-archive.errors"

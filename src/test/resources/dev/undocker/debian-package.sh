#!/bin/sh
# Installs, uses and purges undocker in a fresh Debian system. Arguments: those of fresh-system.sh; the
# tree is one that debootstrap made, the folder has `target`, `examples`, and README's commands in
# `debian-package` and `archive`. What a step has to say goes to files in that folder.
. "$(dirname "$0")/fresh-system.sh"

readme() { { echo 'sudo() { "$@"; }'; cat "$work/$1"; } | inside DEBIAN_FRONTEND=noninteractive sh -eu; }

# java VERSION HOME: installs a package that stands in for a Java's, and has its files elsewhere
java() {
    package=$stage/java-$1
    mkdir -p "$package/DEBIAN" "$package/usr/lib/jvm"
    ln -s "$2" "$package/usr/lib/jvm/java-25-openjdk"
    printf '%s\n' 'Package: openjdk-25-jre-headless' "Version: $1" 'Architecture: all' \
        'Maintainer: nobody <nobody@localhost>' 'Description: stands in for Java' > "$package/DEBIAN/control"
    dpkg-deb --root-owner-group -b "$package" "$root/opt/java.deb"
    inside dpkg -i /opt/java.deb
}

# a Java that notes what it was to do, and cannot do it
mkdir -p "$root/opt/broken/bin"
echo 'JAVA_VERSION="25.0.2"' > "$root/opt/broken/release"
printf '%s\n' '#!/bin/sh' 'echo "$*" >> /opt/broken/runs' 'exit 1' > "$root/opt/broken/bin/java"
chmod +x "$root/opt/broken/bin/java"
touch "$root/opt/broken/runs"

# what is only recommended would come over the network, and stay when undocker goes
echo 'APT::Install-Recommends "false";' > "$root/etc/apt/apt.conf.d/recommends"

java 25.0.1 /opt/jdk
debian_files > "$work/before"
readme debian-package
inside undocker rootfs examples/hello.tar by-package.tar 2> "$work/by-package.errors"
with_cache
man --manpath="$root/usr/share/man" --path undocker-rootfs
ls "$root/usr/share/bash-completion/completions/undocker" "$root/usr/share/zsh/vendor-completions/_undocker" \
    "$root/usr/share/fish/vendor_completions.d/undocker.fish"

# another Java comes: the cache is made anew, and a failure harms nobody
java 25.0.2 /opt/broken
grep 'rehearsal\.jar' "$root/opt/broken/runs"
[ -z "$(ls "$root/var/cache/undocker")" ]

inside apt-get purge -y undocker
debian_files > "$work/after"

java 25.0.3 /opt/jdk
readme archive
inside undocker rootfs examples/hello.tar by-archive.tar 2> "$work/by-archive.errors"
with_cache
mv "$root"/opt/undocker-* "$root/srv/moved"
ln -sf /srv/moved/bin/undocker "$root/usr/local/bin/undocker"
with_cache

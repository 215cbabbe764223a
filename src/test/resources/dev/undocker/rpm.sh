#!/bin/sh
# Installs, uses and erases undocker's RPM in a fresh system. To be run as root in a mount name space of
# its own. Arguments: a tree, which stays as it is; a JDK 25; a folder with `undocker.rpm` and
# `examples`. What a step has to say goes to files in that folder. The tree's own packages are not in a
# database of RPM's, so dependencies are not looked for.
set -eu
base=$1 jdk=$2 work=$3
unset JAVA_HOME UNDOCKER_JAVA_HOME JAVA_TOOL_OPTIONS

stage=$(mktemp -d)
mount -t tmpfs none "$stage"
mkdir "$stage/upper" "$stage/work" "$stage/root"
root=$stage/root
mount -t overlay -o "lowerdir=$base,upperdir=$stage/upper,workdir=$stage/work" none "$root"
mkdir -p "$root/opt/jdk" "$root/mnt/work" "$root/usr/lib/jvm"
# what Fedora's fish and file system have, and RPM would not remove
mkdir -p "$root/usr/share/fish/vendor_completions.d" "$root/usr/share/zsh/site-functions"
ln -s /opt/jdk "$root/usr/lib/jvm/java-25-openjdk"
mount --bind "$jdk" "$root/opt/jdk"
mount --bind "$work" "$root/mnt/work"
mount -t proc none "$root/proc"

inside() { chroot "$root" env -i -C /mnt/work PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"; }
with_cache() { inside JAVA_TOOL_OPTIONS=-XX:AOTMode=on env -C / setpriv --reuid=1000 --clear-groups undocker --version; }
files() { inside find / -xdev \( -path /mnt/work -o -path /var/lib/rpm -o -path /root/.rpmdb -o -path /usr/lib/sysimage \) -prune -o -print | sort; }
package() { rpm --root "$root" --nodeps "$@" "$work/undocker.rpm"; }

files > "$work/before"
package --install
inside undocker rootfs examples/hello.tar by-package.tar 2> "$work/by-package.errors"
with_cache
rpm --root "$root" --verify --nodeps undocker

# the same again, as an update does it: the cache goes on
package --upgrade --replacepkgs
with_cache

rpm --root "$root" --erase undocker
files > "$work/after"

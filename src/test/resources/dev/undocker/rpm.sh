#!/bin/sh
# Installs, uses and erases undocker's RPM in a fresh system. Arguments: those of fresh-system.sh; the
# folder has `undocker.rpm` and `examples`. What a step has to say goes to files in that folder. The
# tree's own packages are not in a database of RPM's, so dependencies are not looked for.
. "$(dirname "$0")/fresh-system.sh"

# what Fedora's fish and file system have, and RPM would not remove
mkdir -p "$root/usr/share/fish/vendor_completions.d" "$root/usr/share/zsh/site-functions"
mkdir -p "$root/usr/lib/jvm"
ln -s /opt/jdk "$root/usr/lib/jvm/java-25-openjdk"

system_files() { files -o -path /var/lib/rpm -o -path /root/.rpmdb -o -path /usr/lib/sysimage; }
package() { rpm --root "$root" --nodeps "$@" "$work/undocker.rpm"; }

system_files > "$work/before"
package --install
inside undocker rootfs examples/hello.tar by-package.tar 2> "$work/by-package.errors"
with_cache
rpm --root "$root" --verify --nodeps undocker

# the same again, as an update does it: the cache goes on
package --upgrade --replacepkgs
with_cache

rpm --root "$root" --erase undocker
system_files > "$work/after"

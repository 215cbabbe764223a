#!/bin/sh
# Builds, in the current directory, an image of four layers from the packages of the Debian system it
# runs on, and the forms of it that a test compares: image (OCI, gzip), zstd (OCI, zstd), oci.tar,
# docker.tar, and expected/rootfs as umoci unpacks it; older has its first two layers, and former/rootfs
# the tree of these. Needs root, umoci, skopeo, setcap and setfattr.
set -eu
umask 022
export LC_ALL=C SOURCE_DATE_EPOCH=1700000000
packages='base-files base-passwd bash coreutils dash findutils grep libc-bin libc6 login mount passwd perl-base sed tar tzdata'
umoci init --layout image
umoci new --image image:latest
umoci unpack --image image:latest bundle
root=bundle/rootfs

# base: the files of installed packages, as the distribution ships them
for merged in bin sbin lib lib64; do mkdir -p "$root/usr/$merged"; ln -s "usr/$merged" "$root/$merged"; done
dpkg -L $packages | sed -E 's#^/(bin|sbin|lib|lib64)/#/usr/\1/#' | sort -u |
    grep -vE '^/(\.|bin|sbin|lib|lib64)?$|^/usr/share/(doc|locale|man)/' |
    tar -C / --no-recursion --ignore-failed-read --warning=none -cf - -T - 2>/dev/null | tar -C "$root" -xpf -
mkdir -p "$root/etc" "$root/opt" "$root/var/tmp" "$root/tmp" "$root/dev" "$root/run"
chmod 1777 "$root/tmp" "$root/var/tmp"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 660 "$root/dev/loop7" b 7 7
mkfifo -m 600 "$root/run/initctl"
cp "$root/usr/bin/true" "$root/opt/first"
ln "$root/opt/first" "$root/opt/second"
ln "$root/opt/first" "$root/usr/third"
setcap cap_net_raw+ep "$root/opt/first"
chown 4294967294:70000 "$root/opt"
ln -s ../../outside "$root/opt/dangling"
ln -s /etc/passwd "$root/opt/absolute"
mkdir -p "$root/srv/data/deep"; echo old > "$root/srv/data/deep/old"; echo 1 > "$root/srv/file"
umoci repack --refresh-bundle --image image:latest bundle

# an upgrade: files replaced and removed, as dpkg does
cp "$root/usr/bin/true" "$root/usr/bin/cat.dpkg-new"; mv "$root/usr/bin/cat.dpkg-new" "$root/usr/bin/cat"
rm -rf "$root/usr/share/zoneinfo/America" "$root/usr/share/perl5" "$root/usr/bin/yes"
rm "$root/opt/first"; echo other > "$root/opt/first"
chmod 2755 "$root/usr/bin/tail"
setfattr -n user.note -v 'line
two=2' "$root/etc"
umoci repack --refresh-bundle --image image:latest bundle
skopeo copy -q oci:image:latest oci:older:test

# types change
rm -r "$root/srv/data"; ln -s /opt "$root/srv/data"
rm "$root/srv/file"; mkdir "$root/srv/file"; echo 2 > "$root/srv/file/inside"
rm "$root/usr/third"
setfattr -x user.note "$root/etc"; setfattr -n user.other -v x "$root/etc"
umoci repack --refresh-bundle --image image:latest bundle

# and back again
rm "$root/srv/data"; mkdir -p "$root/srv/data/deep"; echo new > "$root/srv/data/deep/new"
rm -r "$root/usr/share/zoneinfo/Europe"; mkdir "$root/usr/share/zoneinfo/Europe"
cp -p "$root/usr/bin/true" "$root/usr/share/zoneinfo/Europe/Nowhere"
ln "$root/opt/second" "$root/opt/again"
printf x > "$root/opt/$(printf 'not-utf8-\377')"
umoci repack --refresh-bundle --image image:latest bundle

umoci unpack --image image:latest expected
umoci unpack --image older:test former
skopeo copy -q oci:image:latest docker-archive:docker.tar:debian:test
skopeo copy -q oci:image:latest oci-archive:oci.tar:test
skopeo copy -q --dest-compress-format zstd --dest-compress-level 3 oci:image:latest oci:zstd:test

# Read by debian-package.sh, native-package.sh and rpm.sh: a fresh system, to be thrown away. To be run as root in a mount
# name space of its own. Arguments: a tree, which stays as it is; a JDK 25; a folder, whose files the
# system has in /mnt/work.
set -eu
base=$1 jdk=$2 work=$3
unset JAVA_HOME UNDOCKER_JAVA_HOME JAVA_TOOL_OPTIONS

stage=$(mktemp -d)
mount -t tmpfs none "$stage"
mkdir "$stage/upper" "$stage/work" "$stage/root"
root=$stage/root
mount -t overlay -o "lowerdir=$base,upperdir=$stage/upper,workdir=$stage/work" none "$root"
mkdir "$root/opt/jdk" "$root/mnt/work"
mount --bind "$jdk" "$root/opt/jdk"
mount --bind "$work" "$root/mnt/work"
mount -t proc none "$root/proc"

# inside COMMAND: in the system, as its root
inside() { chroot "$root" env -i -C /mnt/work PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"; }
# Here a cache that cannot be used is an error; some user of the system has to be able to use it.
with_cache() { inside JAVA_TOOL_OPTIONS=-XX:AOTMode=on env -C / setpriv --reuid=1000 --clear-groups undocker --version; }
# files TEST...: all but what the words of find(1) say
files() { inside find / -xdev \( -path /mnt/work "$@" \) -prune -o -print | sort; }
# debian_files: all but what apt and dpkg note
debian_files() { files -o -path /var/lib/dpkg -o -path /var/log -o -path /var/cache/apt -o -path /var/lib/apt; }

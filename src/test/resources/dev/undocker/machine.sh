#!/bin/sh
# Boots a copy of this machine with systemd and runs the commands in "$1/script" there, as root and in
# the directory "$1", which both see; other arguments are options of systemd-nspawn. The copy has this
# machine's files, those below "$1/files" laid over them, and forgets what is changed. It has a network
# of its own: lo, and the bridge that LXC expects. What the commands say is in "$1/output" and
# "$1/errors", their exit code in "$1/status"; all else goes to standard output.
set -eu
if [ "${INSIDE-}" != yes ]; then
    INSIDE=yes exec unshare --mount --propagation private sh "$0" "$@"
fi
place=$1
shift
mkdir -p "$place/memory" "$place/files/etc/systemd/system"
mount -t tmpfs -o mode=755 tmpfs "$place/memory"
mkdir "$place/memory/work" "$place/memory/machine"
cat > "$place/files/etc/systemd/system/script.service" <<END
[Unit]
Requires=sysinit.target dbus.socket
After=sysinit.target dbus.socket
SuccessAction=exit
FailureAction=exit
[Service]
Type=oneshot
Delegate=yes
TimeoutStartSec=280
WorkingDirectory=$place
Environment=HOME=/root
# with control groups of version 1 systemd-nspawn gives the copy only some to write to
ExecStartPre=-/bin/sh -c 'for c in /sys/fs/cgroup/*/; do mount -o remount,rw,bind \$c; done'
ExecStartPre=/bin/sh -c 'ip link add lxcbr0 type bridge && ip link set lxcbr0 up'
ExecStart=/bin/sh -c 'bash -e script > output 2> errors; echo \$\$? > status'
END
cp -a "$place/files" "$place/memory/upper"
mount -t overlay overlay "$place/memory/machine" \
    -o "lowerdir=/,upperdir=$place/memory/upper,workdir=$place/memory/work"
systemd-nspawn --quiet --register=no --keep-unit --machine=undocker-test --private-network --capability=all \
    --system-call-filter=@keyring --bind="$place:$place:norbind" "$@" \
    --directory="$place/memory/machine" --boot -- --unit=script.service < /dev/null || true

# Sourced by run and growth: the images, the clock, the memory.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=${BENCH_DIR:-/var/tmp/undocker-bench}
undocker=$here/../target/undocker/bin/undocker
memory=/dev/shm/undocker-bench.$$ # trees are made here, on tmpfs
out=$work/out.$$                  # files are made here
log=$work/log
export LC_ALL=C

mkdir -p "$work" "$memory"
server= # a process that ends with this one
trap '[ -z "$server" ] || kill "$server"; rm -rf "$memory" "$out"*' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '%s\n' "bench: $*" >&2; }
fail() {
    say "$*"
    exit 1
}
has() { command -v "$1" >/dev/null; }

# On more than two cores the figures would not compare with the marks.
if [ "$(nproc)" -gt 2 ] && has taskset; then
    taskset -pc 0,1 $$ >/dev/null
fi
cores=$(nproc)

find_java() {
    local home version
    for home in "${UNDOCKER_JAVA_HOME-}" "${JAVA_HOME-}" /usr/lib/jvm/*; do
        [ -x "$home/bin/java" ] && [ -r "$home/release" ] || continue
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
        if [ "${version:-0}" -ge 25 ]; then
            java=$home/bin/java
            return
        fi
    done
    fail "no Java 25 was found: install a JDK 25 or set UNDOCKER_JAVA_HOME to its directory"
}

# image NAME OPTION…: makes $work/NAME unless an image of the same options is there; sets image
image() {
    local name=$1
    shift
    image=$work/$name
    local stamp="$* $(cksum <"$here/MakeImage.java")"
    [ "$(cat "$image/options" 2>/dev/null)" = "$stamp" ] && return
    rm -rf "$image" "$image.partial"
    say "making $image"
    "$java" "$here/MakeImage.java" "$@" "$image.partial" || fail "cannot make $image"
    printf '%s\n' "$stamp" >"$image.partial/options"
    # the lists name the blobs below the final name
    for list in "$image.partial"/*.blobs; do
        [ -e "$list" ] && sed -i "s,^$image.partial/,$image/," "$list"
    done
    mv "$image.partial" "$image"
}

fact() { cut -d' ' -f"$1" "$image/facts"; }

# Fills and frees twice the image's size of memory, more than a run takes. On a virtual machine the host gives memory
# that was free for some seconds only when it is touched, which takes several times as long as copying into it.
touch_memory() {
    [ -n "${image-}" ] || return
    local size=$(stat -c %s "$image/docker.tar")
    head -c $((size < 2000000000 ? 2 * size : 4000000000)) /dev/zero >"$memory/touched" 2>>"$log"
    rm -f "$memory/touched"
}

# timed COMMAND: runs it with nothing in its way and sets elapsed and cpu, its processes' own time, in microseconds
timed() {
    rm -rf "$out"* "${memory:?}"/*
    touch_memory
    local before=${EPOCHREALTIME/./} status user system
    { time eval "$1" 2>>"$log"; } 2>"$out.times"
    status=$?
    elapsed=$((${EPOCHREALTIME/./} - before))
    read -r user system <"$out.times"
    cpu=$(((10#${user/./} + 10#${system/./}) * 1000))
    return $status
}
TIMEFORMAT='%3U %3S'

# peak COMMAND: runs it untimed and sets anonymous and resident, the largest figures in MiB that one of its processes
# reached: memory of its own (RssAnon + RssShmem), and with mapped files (VmHWM). Each process ends 20 ms later than it
# would, where strace works: a short one would be gone before it is looked at.
peak() {
    rm -rf "$out"* "${memory:?}"/*
    anonymous=0 resident=0
    local top pid pids
    local late=(strace -f --seccomp-bpf -qq -o /dev/null -e trace=exit_group -e inject=exit_group:delay_enter=20000)
    "${late[@]}" true 2>>"$log" || late=()
    "${late[@]}" bash -c "$1" 2>>"$log" &
    top=$!
    while [ -e "/proc/$top" ]; do
        pids=($top)
        for ((i = 0; i < ${#pids[@]}; i++)); do
            pid=${pids[i]}
            pids+=($(cat "/proc/$pid/task"/*/children 2>/dev/null))
            sample "$pid"
        done
        kill -0 "$top" 2>/dev/null || break
        read -r -t 0.004 <&"$never"
    done
    wait "$top"
    anonymous=$(((anonymous + 1023) / 1024)) resident=$(((resident + 1023) / 1024))
}
exec {never}<> <(:) # a descriptor that never has input, to sleep without a process

sample() {
    local key value unit own=0 high=0
    while read -r key value unit; do
        case $key in
        RssAnon: | RssShmem:) own=$((own + value)) ;;
        VmHWM:) high=$value ;;
        esac
    done 2>/dev/null <"/proc/$1/status"
    ((own > anonymous)) && anonymous=$own
    ((high > resident)) && resident=$high
    return 0
}

# median NUMBER…
median() { printf '%s\n' "$@" | sort -n | awk '{a[NR] = $1} END {print (a[int((NR + 1) / 2)] + a[int(NR / 2) + 1]) / 2}'; }
smallest() { printf '%s\n' "$@" | sort -n | head -n 1; }
largest() { printf '%s\n' "$@" | sort -n | tail -n 1; }
seconds() { awk -v us="$1" 'BEGIN {printf us < 1e6 ? "%.3f" : "%.2f", us / 1e6}'; }
quotient() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.3f", a / b}'; }
at_most() { awk -v a="$1" -v b="$2" 'BEGIN {exit !(a <= b)}'; }

machine() {
    printf '%s, %s, %d cores (%s), %d GiB, Linux %s\n' "$(date -u +%F)" "$(uname -m)" "$cores" \
        "$(sed -n '/^model name/{s/.*: //p;q}' /proc/cpuinfo)" \
        "$(awk '/^MemTotal/ {print $2 / 1048576}' /proc/meminfo | cut -d. -f1)" "$(uname -r)"
}

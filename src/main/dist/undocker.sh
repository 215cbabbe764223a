#!/bin/sh
# Starts undocker on a Java of version 25 or newer.

self=$0
if [ -L "$self" ]; then self=$(readlink -f -- "$self"); fi
case $self in
*/*) lib=${self%/*}/../lib ;;
*) lib=../lib ;;
esac

# is_new_enough DIRECTORY: it holds a Java 25 or newer, as its file "release" says
is_new_enough() {
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    while IFS='=' read -r key value; do
        [ "$key" = JAVA_VERSION ] || continue
        value=${value#\"}
        value=${value%%[!0-9]*}
        [ "${value:-0}" -ge 25 ]
        return
    done < "$1/release"
    return 1
}

# find_java: sets home. No other program is started unless all the usual places fail.
find_java() {
    home=${UNDOCKER_JAVA_HOME-}
    if [ -n "$home" ]; then
        if is_new_enough "$home"; then return; fi
        printf '%s\n' "undocker: UNDOCKER_JAVA_HOME: there is no Java 25 or newer in $home" >&2
        exit 1
    fi
    for home in "${JAVA_HOME-}" /usr/lib/jvm/*; do
        if [ -n "$home" ] && is_new_enough "$home"; then return; fi
    done
    # the java on PATH is often a chain of links into its home
    if home=$(command -v java) && home=$(readlink -f -- "$home"); then
        home=${home%/bin/java}
        if is_new_enough "$home"; then return; fi
    fi
    echo "undocker: no Java 25 or newer was found: install a JDK 25, or set UNDOCKER_JAVA_HOME to the directory of one" >&2
    exit 1
}

find_java

# undocker rehearse: makes the start-up cache anew, for this Java and for where the program lies
if [ "${1-}" = rehearse ]; then
    if [ $# -gt 1 ]; then
        echo "undocker: rehearse: takes no arguments" >&2
        exit 2
    fi
    exec "$home/bin/java" "@$lib/jvm.options" -jar "$lib/rehearsal.jar" "$lib"
fi

# Java does not start in a directory that was removed; the shell then has no name for it, or a wrong one.
if ! [ -x . ]; then
    echo "undocker: the current directory cannot be searched: permission denied" >&2
    echo "hint: change to another one" >&2
    exit 1
elif ! [ "${PWD-}" -ef . ] && ! env pwd > /dev/null 2>&1; then
    echo "undocker: the current directory does not exist any more" >&2
    echo "hint: change to another one" >&2
    exit 1
fi

# The kernel gives the first free descriptor to the next file that is opened, here one of Java's.
# Closed standard streams are replaced by ones that refuse what they are for.
true 2> /dev/null 3<&0 || exec 0> /dev/null
true 2> /dev/null 3>&1 || exec 1< /dev/null
true 3>&2 || exec 2> /dev/null

# Java reads file names in the locale's encoding and knows no way to set another one.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
C | POSIX | C.* | *.[Uu][Tt][Ff]*8) LC_ALL=C.UTF-8 && export LC_ALL ;;
esac

# A cache that is missing, damaged or of another JDK only makes the start slower.
exec "$home/bin/java" "@$lib/jvm.options" "-XX:AOTCache=$lib/cache/@NAME@.aot" -jar "$lib/@NAME@.jar" "$@"

#!/bin/sh
# Converts every SHARDS-th image of a list, from number SHARD on; what is there already is left alone, so
# a retry does what is missing. One image that fails does not keep the others of its shard from theirs; the
# exit code is that of the last failure.
#   LIST    a file with an image a line: docker://NAME[:TAG][@DIGEST]; empty lines and # comments count too
#   OUT     a directory
#   CACHE   a directory, which may be read-only; if it is empty, the user's own cache
#   OPTIONS of undocker rootfs
set -u
number=0 code=0
while IFS= read -r image || [ -n "$image" ]; do
    mine=$((number % SHARDS))
    number=$((number + 1))
    case $image in '' | '#'*) continue ;; esac
    [ "$mine" = "$SHARD" ] || continue
    # a name that is safe in a file system and an object store, and another one for each image
    out=$OUT/$(printf %s "${image#docker://}" | tr -c 'A-Za-z0-9._-' _)-$(printf %s "$image" | cksum | cut -d ' ' -f 1).tar.zst
    [ -e "$out" ] && continue
    # shellcheck disable=SC2086 # OPTIONS are words
    undocker rootfs ${CACHE:+--cache-dir "$CACHE"} ${OPTIONS-} "$image" "$out" </dev/null || code=$?
done <"$LIST"
exit $code

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Runs a command with its temporary folder in memory, if /dev/shm has 8 GiB free, and removes the folder after it.
# Usage: in_memory.sh COMMAND [ARGUMENT...]

set -euo pipefail

readonly NEEDED_KIB=$((8 * 1024 * 1024))

free=$(df -k --output=avail /dev/shm 2>/dev/null | tail -n 1 || true)
if [ -n "${TMPDIR:-}" ] || ! [ -w /dev/shm ] || [ "${free:-0}" -lt $NEEDED_KIB ]; then
    exec "$@"
fi
folder=$(mktemp -d /dev/shm/bowline-tests.XXXXXX)
trap 'rm -rf "$folder"' EXIT
chmod 711 "$folder" # tests of root start PostgreSQL as another user, in a folder of its own below this one
TMPDIR=$folder "$@"

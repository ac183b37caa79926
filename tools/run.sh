#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Starts a devnet that proves its batches, and Bowline on it. With a display: the window; blocks come when something waits
# for them, and every thirty seconds; everything ends with the window. Without one: plays the main job by keys and mouse in an
# invisible window and leaves screenshots of every page in build/run/screenshots.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bin=$top/build/bin
run=${BOWLINE_RUN_DIR:-$top/build/run}
net=$run/net

if [ -f "$net/devnet.json" ]; then
    echo "ending the devnet of an earlier run"
    "$bin/bowline-cli" devnet down --dir "$net" >/dev/null
fi
rm -rf "$net"
mkdir -p "$run"

end() { "$bin/bowline-cli" devnet down --dir "$net" >/dev/null 2>&1 || true; }
trap end EXIT
trap 'exit 130' INT TERM

if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
    # Slow enough for one prover, which has as much as nobody else wants.
    "$bin/bowline-cli" devnet up --dir "$net" --signers 3 --operators 2 --provers 1 --mine-when-needed --mine-every 30
    echo "give the wallet coins with: build/bin/bowline-cli devnet fund ADDRESS 1 --dir $net"
    "$bin/bowline" --datadir "$net/client"
else
    echo "no display: the main job is played headless"
    # A batch costs half a minute of a processor's time: there are as few as the job needs.
    "$bin/bowline-cli" devnet up --dir "$net" --signers 3 --operators 2 --provers 1 --mine-when-needed --most-unproven 3
    QT_QPA_PLATFORM=offscreen "$bin/bowline-tour-devnet" --devnet "$net" --screenshots "$run/screenshots"
    echo "screenshots: $run/screenshots"
fi

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Brings a Debian 12 machine to the point where Bowline builds and its tests run.
#
#   1. Debian 12 packages of packages.txt, by package name, through the machine's own apt.
#   2. libsecp256k1 with the MuSig2 module (>= 0.6); Debian 12 ships 0.2. Unpacked into .deps/usr.
#   3. bitcoind and bitcoin-cli (>= 28), which Debian 12 does not ship. Unpacked into .deps/node together
#      with the C library they were built against, and started through wrappers in .deps/bin.
#   4. A newer Go (>= 1.27) beside that of Debian 12 (1.19): guests of the zkVM are tested with both. What compiles
#      programs without C is unpacked into .deps/go, 110 MB.
#
# Steps 2 to 4 take the packages from Debian's unstable suite through a PRIVATE apt configuration: its
# own state, cache and source list, so that the machine's apt never learns of unstable and nothing of it is
# ever installed system-wide. The mirror is the one the machine already uses, read from its apt sources, and
# apt verifies signatures as always.
#
# Each finished step leaves a stamp in .deps/stamp, keyed by the recipe version and the architecture, and is
# skipped from then on: a second run needs no network and takes well under a second.
#
# Usage: setup.sh [--dev] [--force] [--help]

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
deps=$root/.deps

# Raise a number when the meaning of that step's result changes: every tree then repeats the step once.
readonly SECP_RECIPE=1
readonly NODE_RECIPE=1
readonly GO_RECIPE=1
readonly SECP_MIN=0.6.0
readonly NODE_MIN=28
readonly GO_MIN=1.27
# Suites that are tried in this order until one has the package in a version that is new enough.
suites=${BOWLINE_SETUP_SUITES:-"sid testing"}

dev=0
force=0
work=

usage() {
    cat <<'EOF'
Usage: tools/setup/setup.sh [--dev] [--force]

Installs what Bowline needs on Debian 12: the packages of tools/setup/packages.txt (system-wide, by apt), and
libsecp256k1, bitcoind and a newer Go (into .deps/ of this tree only).

  --dev     also the packages of packages-dev.txt (sanitizers, libFuzzer, clang-tidy, clang-format)
  --force   forget .deps/ and fetch it again
EOF
}

say() { printf 'setup: %s\n' "$*"; }
die() {
    printf 'setup: error: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf 'setup:   %s\n' "$@" >&2
    exit 1
}

# ---------------------------------------------------------------------------------------------------------
# Step 1: packages of the machine
# ---------------------------------------------------------------------------------------------------------

package_list() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$1"; }

# Prints those of the named packages that are not installed. One dpkg-query call for all: it is the whole
# cost of this step when nothing is missing.
missing_packages() {
    local have
    have=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' || true)
    local p
    for p in "$@"; do
        grep -qxF -- "$p" <<<"$have" || printf '%s\n' "$p"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
    local list=$1 wanted missing
    mapfile -t wanted < <(package_list "$list")
    command -v dpkg-query >/dev/null || die "this is not a Debian system (no dpkg-query)" \
        "install the equivalents of these yourself, then run cmake directly:" "${wanted[@]}"
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    [ ${#missing[@]} -gt 0 ] || return 0

    say "installing: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        die "packages are missing and this is neither root nor is there sudo. As root, run:" \
            "apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    fi
    # Another apt may be at work (unattended upgrades, an image being prepared): wait for its locks. The
    # timeout option covers dpkg's lock but not the one on the lists, hence the loop.
    local try
    for try in 1 2 3 4 5 6; do
        as_root apt-get -qq -o DPkg::Lock::Timeout=600 update && break
        [ "$try" -lt 6 ] && sleep 5
    done
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
        -o DPkg::Lock::Timeout=600 install "${missing[@]}" >/dev/null \
        || die "apt-get could not install: ${missing[*]}" \
            "without network these have to come from the installation medium or a package cache; then run again"
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    [ ${#missing[@]} -eq 0 ] || die "still not installed: ${missing[*]}"
}

# ---------------------------------------------------------------------------------------------------------
# Stamps
# ---------------------------------------------------------------------------------------------------------

arch=$(dpkg --print-architecture 2>/dev/null || uname -m)

stamp_key() { printf 'recipe=%s arch=%s' "$1" "$arch"; }

# stamped NAME RECIPE FILE...: the step is done and what it made is still there.
stamped() {
    local name=$1 recipe=$2 first f
    shift 2
    [ -r "$deps/stamp/$name" ] || return 1
    read -r first <"$deps/stamp/$name" || return 1
    [ "$first" = "$(stamp_key "$recipe")" ] || return 1
    for f in "$@"; do
        [ -e "$deps/$f" ] || return 1
    done
}

# stamp NAME RECIPE NOTE: written last and atomically, so that an interrupted step is repeated.
stamp() {
    mkdir -p "$deps/stamp"
    printf '%s\n%s\n' "$(stamp_key "$2")" "$3" >"$deps/stamp/.$1.new"
    mv "$deps/stamp/.$1.new" "$deps/stamp/$1"
}

version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

# ---------------------------------------------------------------------------------------------------------
# The private apt
# ---------------------------------------------------------------------------------------------------------

# Prints "URI<TAB>KEYRING" for each entry of the machine's apt sources that serves component main of the
# running release; KEYRING is empty when the entry names none. Reads both formats of apt.
apt_entries() {
    local codename=$1 f
    local etc=${BOWLINE_SETUP_APT_ETC:-/etc/apt}
    for f in "$etc/sources.list" "$etc"/sources.list.d/*.list; do
        [ -r "$f" ] || continue
        awk -v want="$codename" '
            $1 == "deb" {
                line = $0; key = ""
                if (match(line, /\[[^]]*\]/)) {
                    options = substr(line, RSTART + 1, RLENGTH - 2)
                    line = substr(line, 1, RSTART - 1) substr(line, RSTART + RLENGTH)
                    n = split(options, option, /[ \t]+/)
                    for (i = 1; i <= n; i++) if (option[i] ~ /^signed-by=\//) key = substr(option[i], 11)
                }
                sub(/#.*/, "", line)
                n = split(line, word, /[ \t]+/)
                if (word[3] != want && word[3] != "stable" && word[3] != "oldstable") next
                for (i = 4; i <= n; i++) if (word[i] == "main") { print word[2] "\t" key; next }
            }' "$f"
    done
    for f in "$etc"/sources.list.d/*.sources; do
        [ -r "$f" ] || continue
        awk -v want="$codename" '
            function flush(   i, n, ok, list) {
                if (field["enabled"] ~ /no|false|off|0/) { delete field; return }
                ok = (" " field["types"] " ") ~ /[ \t]deb[ \t]/ && (" " field["components"] " ") ~ /[ \t]main[ \t]/
                if (ok) {
                    ok = 0
                    n = split(field["suites"], list, /[ \t]+/)
                    for (i = 1; i <= n; i++)
                        if (list[i] == want || list[i] == "stable" || list[i] == "oldstable") ok = 1
                }
                if (ok) {
                    key = field["signed-by"]; sub(/^[ \t]+/, "", key); sub(/[ \t].*/, "", key)
                    n = split(field["uris"], list, /[ \t]+/)
                    for (i = 1; i <= n; i++) if (list[i] != "") print list[i] "\t" (key ~ /^\// ? key : "")
                }
                delete field
            }
            /^#/ { next }
            /^[ \t]*$/ { flush(); next }
            /^[ \t]/ { field[name] = field[name] " " $0; next }
            { name = tolower($0); sub(/:.*/, "", name); value = $0; sub(/^[^:]*:[ \t]*/, "", value); field[name] = value }
            END { flush() }' "$f"
    done
}

papt() {
    local tool=$1
    shift
    "$tool" -c "$work/apt/apt.conf" "$@"
}

# private_apt SUITE: sets up $work/apt for that suite and fetches its index; false when no entry works.
private_apt() {
    local suite=$1 uri key k
    local codename
    codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    local apt=$work/apt
    while IFS=$'\t' read -r uri key; do
        # The entry's own keyring first; one that holds only this release's key cannot verify unstable, and
        # then Debian's full keyring is asked. apt refuses what neither of them has signed.
        for k in $(printf '%s\n' "$key" /usr/share/keyrings/debian-archive-keyring.gpg | awk 'NF && !seen[$0]++'); do
            [ -r "$k" ] || continue
            rm -rf "$apt"
            mkdir -p "$apt/etc" "$apt/state/lists/partial" "$apt/cache/archives/partial"
            : >"$apt/state/status"
            printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$uri" "$suite" "$k" \
                >"$apt/etc/bowline.sources"
            # The sandbox user could not write below a private home; hooks of the machine's configuration
            # act on the machine's cache and have no business in ours.
            cat >"$apt/apt.conf" <<EOF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/etc";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "$(id -un)";
APT::Default-Release "";
APT::Install-Recommends "false";
Acquire::Languages "none";
Acquire::Retries "3";
EOF
            if papt apt-get -qq update -o APT::Update::Error-Mode=any >"$work/update.log" 2>&1; then
                printf '%s' "$suite" >"$work/suite"
                return 0
            fi
        done
    done < <(apt_entries "$codename" | sort -u)
    return 1
}

# find_package PACKAGE MIN: leaves the private apt at a suite that has it; prints nothing, sets $found.
find_package() {
    local package=$1 min=$2 suite version
    for suite in $suites; do
        if [ "$(cat "$work/suite" 2>/dev/null || true)" != "$suite" ]; then
            rm -f "$work/suite"
            private_apt "$suite" || continue
        fi
        version=$(papt apt-cache policy "$package" | sed -n 's/^ *Candidate: *\([0-9].*\)/\1/p')
        if [ -n "$version" ] && version_at_least "$version" "$min"; then
            found=$version
            return 0
        fi
    done
    return 1
}

# unpack_closure PACKAGE DIR REGEX: PACKAGE and those of its dependencies whose names match, into DIR.
# The dependencies are resolved against an empty machine, so the result holds every library down to libc.
unpack_closure() {
    local package=$1 dir=$2 regex=$3 names deb
    mapfile -t names < <(papt apt-get -s install "$package" 2>"$work/resolve.log" \
        | sed -n 's/^Inst \([^ ]*\) .*/\1/p' | grep -E -- "$regex")
    [ ${#names[@]} -gt 0 ] || { cat "$work/resolve.log" >&2; return 1; }
    rm -rf "$work/debs"
    mkdir -p "$work/debs" "$dir"
    (cd "$work/debs" && papt apt-get -qq download "${names[@]}") || return 1
    for deb in "$work"/debs/*.deb; do
        dpkg-deb -x "$deb" "$dir" || return 1
    done
}

fetch_failed() {
    local what=$1 min=$2 system=$3
    [ ! -s "$work/update.log" ] || sed 's#[a-z+]*://[^ ]*#(mirror)#g; s/^/setup:   apt: /' "$work/update.log" | head -n 5 >&2
    die "$what >= $min is missing and could not be fetched" \
        "it comes from Debian's suites '$suites' through the mirror in the machine's own apt sources;" \
        "this needs network once: connect, run tools/setup/setup.sh again, and later runs work offline." \
        "Otherwise install it yourself ($system), or copy .deps/ from a tree where setup has run."
}

# ---------------------------------------------------------------------------------------------------------
# Step 2: libsecp256k1
# ---------------------------------------------------------------------------------------------------------

system_secp() {
    command -v pkg-config >/dev/null || return 1
    pkg-config --atleast-version="$SECP_MIN" libsecp256k1 2>/dev/null || return 1
    local dir
    dir=$(pkg-config --variable=includedir libsecp256k1)
    [ -r "$dir/secp256k1_musig.h" ]
}

# Proves with the compiler of this machine that the library links and that MuSig2 is compiled in.
check_secp() {
    local include=$1 lib=$2
    cat >"$work/probe.c" <<'EOF'
#include <secp256k1_musig.h>
#include <stddef.h>
int main(void) {
    secp256k1_context *c = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    int linked = secp256k1_musig_pubkey_agg != NULL && secp256k1_musig_nonce_gen != NULL;
    secp256k1_context_destroy(c);
    return c == NULL || !linked;
}
EOF
    cc -O1 -I"$include" "$work/probe.c" "$lib" -o "$work/probe" && "$work/probe"
}

step_secp() {
    stamped secp256k1 "$SECP_RECIPE" usr/include/secp256k1_musig.h usr/lib/libsecp256k1.a && return 0
    if stamped secp256k1 "$SECP_RECIPE" && grep -q '^system ' "$deps/stamp/secp256k1" && system_secp; then
        return 0
    fi
    if system_secp; then
        stamp secp256k1 "$SECP_RECIPE" "system $(pkg-config --modversion libsecp256k1)"
        say "libsecp256k1 $(pkg-config --modversion libsecp256k1) of the system is used"
        return 0
    fi
    say "fetching libsecp256k1"
    local out=$work/secp lib
    find_package libsecp256k1-dev "$SECP_MIN" && unpack_closure libsecp256k1-dev "$out" '^libsecp256k1' \
        || fetch_failed libsecp256k1 "$SECP_MIN" "with its MuSig2 module and pkg-config file"
    # Only the static library is kept: binaries are then self-contained, and a link can not pick the .so.
    lib=$(find "$out/usr/lib" -name libsecp256k1.a | head -n1)
    [ -n "$lib" ] || die "package libsecp256k1-dev $found has no static library"
    check_secp "$out/usr/include" "$lib" || die "libsecp256k1 $found does not link on this machine"
    rm -rf "$deps/usr"
    mkdir -p "$deps/usr/lib"
    cp -a "$out/usr/include" "$deps/usr/include"
    cp "$lib" "$deps/usr/lib/"
    mkdir -p "$deps/usr/share/doc/libsecp256k1"
    cp "$out"/usr/share/doc/libsecp256k1-dev/copyright "$deps/usr/share/doc/libsecp256k1/" 2>/dev/null || true
    stamp secp256k1 "$SECP_RECIPE" "debian $found"
    say "libsecp256k1 $found is in .deps/usr"
}

# ---------------------------------------------------------------------------------------------------------
# Step 3: bitcoind
# ---------------------------------------------------------------------------------------------------------

# node_version PROGRAM: "29.4" of "... version v29.4.knots..." or nothing.
node_version() { "$1" -version 2>/dev/null | sed -n '1s/.*version v\{0,1\}\([0-9]*\.[0-9]*\).*/\1/p'; }

system_node() {
    local program
    for program in bitcoind bitcoin-cli; do
        command -v "$program" >/dev/null || return 1
    done
    local v
    v=$(node_version bitcoind)
    [ -n "$v" ] && version_at_least "$v" "$NODE_MIN"
}

write_wrapper() {
    local program=$1 lib=$2 loader=$3
    cat >"$deps/bin/$program" <<EOF
#!/bin/sh
# Written by tools/setup/setup.sh. Starts $program with the C library it was built against. Paths follow this
# file, so that .deps can be moved; exec makes the process id the one of $program itself.
self=\$(readlink -f "\$0")
node=\${self%/bin/*}/node
exec "\$node/$lib/$loader" --argv0 $program --library-path "\$node/$lib" "\$node/usr/bin/$program" "\$@"
EOF
    chmod 755 "$deps/bin/$program"
}

# Starts a regtest node with the options that the tests use, asks it something, and stops it.
check_node() {
    local dir=$work/regtest port pid i chain=
    mkdir -p "$dir"
    port=$((20000 + RANDOM % 10000))
    "$deps/bin/bitcoind" -regtest -datadir="$dir" -server -listen=0 -dnsseed=0 -connect=0 -rpcport=$port \
        -blockfilterindex=1 -peerblockfilters=1 -acceptnonstdtxn=0 ${1:+"$1"} >"$work/node.log" 2>&1 &
    pid=$!
    for i in $(seq 1 100); do
        chain=$("$deps/bin/bitcoin-cli" -regtest -datadir="$dir" -rpcport=$port getindexinfo 2>/dev/null) && break
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.2
    done
    "$deps/bin/bitcoin-cli" -regtest -datadir="$dir" -rpcport=$port stop >/dev/null 2>&1 || kill "$pid" 2>/dev/null || true
    wait "$pid" || true
    grep -q 'basic block filter index' <<<"$chain"
}

step_node() {
    stamped bitcoind "$NODE_RECIPE" bin/bitcoind bin/bitcoin-cli && return 0
    mkdir -p "$deps/bin"
    local note policy=-corepolicy=1
    if system_node; then
        local program
        for program in bitcoind bitcoin-cli; do
            ln -sfn "$(command -v "$program")" "$deps/bin/$program"
        done
        note="system $(node_version bitcoind)"
        # Only Knots knows this option; Core has that policy anyway.
        bitcoind -version | grep -qi knots || policy=
    else
        say "fetching bitcoind"
        local out=$work/node lib loader program needed
        find_package bitcoin-knots "$NODE_MIN" && unpack_closure bitcoin-knots "$out" '^(lib|bitcoin-knots$)' \
            || fetch_failed bitcoind "$NODE_MIN" "bitcoind and bitcoin-cli on the PATH"
        lib=$(cd "$out" && echo usr/lib/*-linux-gnu*)
        [ -d "$out/$lib" ] || die "cannot tell the library folder of the unpacked node: $lib"
        loader=$(cd "$out/$lib" && ls | grep -E '^ld-linux.*\.so\.[0-9]+$' | head -n1)
        [ -n "$loader" ] || die "the unpacked C library has no program loader"
        rm -rf "$deps/node"
        mkdir -p "$deps/node/usr/bin" "$deps/node/$lib"
        cp -a "$out/usr/bin/bitcoind" "$out/usr/bin/bitcoin-cli" "$deps/node/usr/bin/"
        # Shared objects at the top of the folder only: plugins (gconv, engines) are never loaded by the node.
        find "$out/$lib" -maxdepth 1 \( -name '*.so' -o -name '*.so.*' \) -exec cp -a {} "$deps/node/$lib/" \;
        for program in bitcoind bitcoin-cli; do
            write_wrapper "$program" "$lib" "$loader"
            needed=$("$deps/node/$lib/$loader" --library-path "$deps/node/$lib" --list \
                "$deps/node/usr/bin/$program" 2>&1) || die "$program $found lacks libraries:" "$needed"
            ! grep -q 'not found' <<<"$needed" || die "$program $found lacks libraries:" "$needed"
        done
        note="debian $found"
    fi
    check_node "$policy" || {
        tail -n 20 "$work/node.log" >&2
        die "bitcoind ($note) does not run on this machine"
    }
    stamp bitcoind "$NODE_RECIPE" "$note"
    say "bitcoind ($note) is in .deps/bin and ran a regtest chain"
}

# ---------------------------------------------------------------------------------------------------------
# Step 4: a newer Go
# ---------------------------------------------------------------------------------------------------------

# go_version PROGRAM: "1.27.3" or nothing.
go_version() { GOTOOLCHAIN=local "$1" version 2>/dev/null | sed -n 's/^go version go\([0-9.]*\).*/\1/p'; }

# go_asks ROOT ARGUMENT...: the go of that root about the machine that guests are for.
go_asks() {
    local goroot=$1
    shift
    (cd / && env -u GOFLAGS GOROOT="$goroot" GOTOOLCHAIN=local GOENV=off GO111MODULE=off GOCACHE="$work/go-cache" \
        GOPATH="$work/go-path" CGO_ENABLED=0 GOOS=linux GOARCH=mipsle GOMIPS=softfloat "$goroot/bin/go" "$@")
}

# The package with the compiler: golang-1.27-go, or what the suite's newest Go is when that is gone from it.
find_go() {
    find_package golang-1.27-go "$GO_MIN" && { go_package=golang-1.27-go; return 0; }
    find_package golang-go "2:$GO_MIN" || return 1
    go_package=$(papt apt-cache depends golang-go | sed -n 's/^ *Depends: \(golang-1\.[0-9]*-go\)$/\1/p' | head -n1)
    [ -n "$go_package" ] && find_package "$go_package" "$GO_MIN"
}

# keep_go FROM TO: of an unpacked package what compiling needs: no tests, no tools for people, no source of the tools.
keep_go() {
    local from=$1 to=$2 tools tool
    tools=$(echo "$from"/pkg/tool/*)
    mkdir -p "$to/bin" "$to/pkg/${tools#"$from/pkg/"}" || return 1
    cp "$from/VERSION" "$from/go.env" "$to/" && cp "$from/bin/go" "$to/bin/" && cp -rL "$from/pkg/include" "$to/pkg/" \
        || return 1
    for tool in asm compile link; do
        cp "$tools/$tool" "$to/pkg/${tools#"$from/pkg/"}/" || return 1
    done
    tar -C "$from/src/" --exclude='*_test.go' --exclude=testdata --exclude=./cmd -cf - . \
        | { mkdir -p "$to/src" && tar -C "$to/src" -xf -; }
}

step_go() {
    stamped go "$GO_RECIPE" go/bin/go go/src/runtime && return 0
    local note goroot v=
    command -v go >/dev/null && v=$(go_version go)
    rm -rf "$deps/go"
    if [ -n "$v" ] && version_at_least "$v" "$GO_MIN"; then
        ln -sfn "$(GOTOOLCHAIN=local go env GOROOT)" "$deps/go"
        note="system $v"
    else
        say "fetching a newer Go (48 MB)"
        find_go && unpack_closure "$go_package" "$work/go" '^golang-1\.' \
            || fetch_failed Go "$GO_MIN" "go on the PATH"
        goroot=$(echo "$work"/go/usr/lib/go-1.*)
        [ -x "$goroot/bin/go" ] || die "package $go_package $found has no program where it is expected"
        keep_go "$goroot" "$deps/go" || die "package $go_package $found lacks something"
        mkdir -p "$deps/go/doc"
        cp "$work"/go/usr/share/doc/golang-1.*-go/copyright "$deps/go/doc/" 2>/dev/null || true
        note="debian $found"
    fi
    [ -n "$(go_asks "$deps/go" list -f '{{.Dir}}' runtime 2>"$work/go.log")" ] || {
        cat "$work/go.log" >&2
        die "Go ($note) does not run on this machine, or not for mipsle"
    }
    stamp go "$GO_RECIPE" "$note"
    say "Go ($note) is in .deps/go"
}

# ---------------------------------------------------------------------------------------------------------

cleanup() { [ -z "$work" ] || rm -rf "$work"; }

main() {
    while [ $# -gt 0 ]; do
        case $1 in
            --dev) dev=1 ;;
            --force) force=1 ;;
            -h | --help) usage; exit 0 ;;
            *) usage >&2; exit 2 ;;
        esac
        shift
    done

    install_packages "$here/packages.txt"
    [ "$dev" -eq 0 ] || install_packages "$here/packages-dev.txt"

    mkdir -p "$deps"
    # Two builds in one tree may both start with setup: the second waits and then finds the stamps.
    exec 7>"$deps/.lock"
    flock 7
    [ "$force" -eq 0 ] || rm -rf "$deps/usr" "$deps/node" "$deps/bin" "$deps/go" "$deps/stamp"
    trap cleanup EXIT
    work=$(mktemp -d "$deps/work.XXXXXX")
    step_secp
    step_node
    step_go
    say "ready: libsecp256k1 ($(sed -n 2p "$deps/stamp/secp256k1")), bitcoind ($(sed -n 2p "$deps/stamp/bitcoind"))," \
        "Go ($(sed -n 2p "$deps/stamp/go"))"
}

# tests/lint/test_setup.py sources this file to call single functions.
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    main "$@"
fi

#!/usr/bin/env bash
# Installs the Debian packages named as arguments, those of them that are missing. Safe to run again. Needs root, or sudo
# that asks nothing, only if something is missing.
set -euo pipefail

say() { printf 'debian: %s\n' "$*" >&2; }
installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=()
for package in "$@"; do
    installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
        say "these packages are missing and only root can install them: ${missing[*]}"
        say "run once as root: apt-get install ${missing[*]}"
        exit 1
    fi
    as_root=(sudo -n)
fi
say "installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2

#!/bin/sh
# Builds the container's image without a container engine, as root on Debian, and tries it out.
# Usage: image.sh build [slim] | image.sh test [slim]
#
# The Dockerfile's base is made by debootstrap from the same Debian packages and tagged with its name. Nothing needs
# namespaces or a daemon, so this also runs inside a container. What is built stays under build/image.
set -eu
cd "$(dirname "$0")/.."
here=$(pwd -P)
work=${IMAGE_FOLDER:-$here/build/image}
base=python:3.11-slim-bookworm
suite=bookworm
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
action=${1:-test}
kind=${2:-full}
name=tomoni
with_printing=1
limit=1200
[ "$kind" = full ] || { name=tomoni-slim with_printing=0 limit=700; }

# Overlays are quick but do not work on top of another overlay, as inside a container.
engine() {
    nice -n 15 buildah --root "$work/storage" --runroot "$work/run" --storage-driver "$driver" "$@"
}
choose_driver() {
    driver=overlay
    engine info >/dev/null 2>&1 || { rm -rf "$work/storage" "$work/run" && driver=vfs; }
}

make_base() {
    if engine inspect --type image "$base" >/dev/null 2>&1; then return; fi
    echo "Making the base $base ..."
    rm -rf "$work/base"
    nice -n 15 debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv,python-is-python3 \
        "$suite" "$work/base" "$mirror" >"$work/debootstrap.log" 2>&1 || {
        tail -5 "$work/debootstrap.log" >&2
        exit 1
    }
    slim_down "$work/base"
    container=$(engine from scratch)
    engine copy --quiet "$container" "$work/base" / >/dev/null
    engine commit --quiet "$container" "$base" >/dev/null
    engine rm "$container" >/dev/null
    rm -rf "$work/base"
}

# As Debian's slim images: no caches, manuals and translations, neither now nor with packages that come later.
slim_down() {
    printf 'path-exclude /usr/share/%s/*\n' doc man locale info >"$1/etc/dpkg/dpkg.cfg.d/slim"
    rm -rf "$1"/usr/share/doc/* "$1"/usr/share/man/* "$1"/usr/share/locale/* "$1"/usr/share/info/* \
        "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/*
    {
        echo "deb $mirror $suite main"
        echo "deb $mirror $suite-updates main"
        echo "deb ${mirror%/debian}/debian-security $suite-security main"
    } >"$1/etc/apt/sources.list"
}

build() {
    make_base
    # pip trusts the authorities that this machine trusts; none of this stays in the image.
    printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$work/pip.conf"
    echo "Building $name ..."
    engine bud --format docker --isolation chroot --layers --pull-never --build-arg WITH_PRINTING=$with_printing \
        --volume /etc/ssl/certs:/etc/ssl/certs:ro --volume "$work/pip.conf:/etc/pip.conf:ro" \
        --tag "$name" . >"$work/build.log" 2>&1 || {
        tail -20 "$work/build.log" >&2
        exit 1
    }
}

size() {
    mounted=$(engine mount "$container")
    size=$(du -sx --apparent-size --block-size=1MB "$mounted" | cut -f1)
    engine umount "$container" >/dev/null
    echo "$name: $size MB"
    [ "$size" -le "$limit" ] || {
        echo "FAILED: at most $limit MB are agreed" >&2
        return 1
    }
}

try_out() {
    formats=html,pptx,md,csv,json,parquet
    [ "$kind" != full ] || formats=$formats,pdf,png
    container=$(engine from "$name")
    trap 'engine rm "$container" >/dev/null' EXIT
    size
    echo "As its user:"
    check sh /check.sh "$formats" "${IMAGE_PORT:-18501}"
    echo "Read-only, without a home, network and room in /dev/shm:"
    check --user root --cap-add CAP_SYS_ADMIN sh -euc '
        mount -t tmpfs -o mode=1777 tmpfs /tmp
        mount -t tmpfs -o size=64k,mode=1777 tmpfs /dev/shm
        mount -o remount,bind,ro /
        if touch /root/written 2>/dev/null; then
            echo "FAILED: the root is writable" >&2
            exit 1
        fi
        export HOME=/nonexistent
        exec unshare --net setpriv --reuid tomoni --regid tomoni --clear-groups --bounding-set=-all \
            sh /check.sh "$1"' - "$formats"
}

# Usage: check [OPTION...] COMMAND...
check() {
    options=""
    while [ "${1#--}" != "$1" ]; do
        options="$options $1 $2"
        shift 2
    done
    engine run --isolation chroot $options --volume "$here/scripts/image_check.sh:/check.sh:ro" "$container" -- "$@"
}

mkdir -p "$work"
sh scripts/system_packages.sh buildah debootstrap
choose_driver
build
[ "$action" != test ] || try_out

#!/bin/sh
# Installs what prints PDF and PNG in the image: Chromium without a window, and fonts for Japanese.
set -eu
apt-get update -qq
# libatomic1 is for the driver of Playwright.
apt-get install -y -qq --no-install-recommends chromium-headless-shell fontconfig fonts-noto-cjk libatomic1
cd /usr/lib
# Nothing is drawn by a graphics card or shown in a window: Mesa's drivers with their compiler and what only that
# needs, Vulkan's tools for developers, and the resources of Chromium's own pages.
rm -rf ./*/dri ./*/libLLVM-*.so* ./*/libz3.so* ./*/libxml2.so* ./*/libicu*.so*
rm -f chromium/libVkLayer_* chromium/libVkICD_* chromium/resources.pak chromium/chrome_*_percent.pak
# Our pages have no serifs.
rm -f /usr/share/fonts/opentype/noto/NotoSerif*
fc-cache -f
apt-get clean
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old

#!/bin/sh
# Takes out of an environment what the image never runs. Usage: image_trim.sh VENV WITH_PRINTING
# Compiled files stay, for without them every start would compile again; scripts/image.sh tries what is left.
set -eu
venv=$1
cd "$venv"/lib/python3*/site-packages

"$venv"/bin/pip uninstall --quiet --yes setuptools pip 2>/dev/null || true
# What only the packages' authors need: tests, headers, and the sources of compiled parts.
rm -rf pandas/tests pyarrow/tests pyarrow/include pyarrow/src pyarrow/includes numpy/_core/include sqlalchemy/testing
find numpy greenlet -type d -name tests -prune -exec rm -rf {} +
find . -type f \( -name '*.pyx' -o -name '*.pxd' -o -name '*.pxi' -o -name '*.map' \) -delete
# Parts for notebooks, and for services that Tomoni does not speak to.
rm -rf pydeck/nbextension plotly/labextension "$venv"/share/jupyter "$venv"/etc/jupyter
rm -f pyarrow/*arrow*_flight.so* pyarrow/_flight.*.so pyarrow/libarrow_s3.so* pyarrow/_s3fs.*.so
# Copies of a library under the names that only builds use.
rm -f pyarrow/libarrow_python*.so pyarrow/libarrow_python*.so.*.*.*
strip --strip-unneeded cryptography/hazmat/bindings/_rust.abi3.so

if [ "$2" = 1 ]; then
    rm -rf playwright/driver/package/lib/vite playwright/driver/package/types
    strip --strip-unneeded playwright/driver/node
else
    rm -rf playwright playwright-*.dist-info
fi

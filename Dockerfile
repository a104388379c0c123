# Two stages: packages are built in the first, the second carries only what runs.
# WITH_PRINTING=0 leaves out Chromium, its driver and the fonts: no PDF and PNG, and 460 MB less.
ARG WITH_PRINTING=1

FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends binutils
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY scripts/image_trim.sh .
ARG WITH_PRINTING
RUN sh image_trim.sh /venv "$WITH_PRINTING"

FROM python:3.11-slim-bookworm
ARG WITH_PRINTING
COPY scripts/image_chromium.sh /tmp/
RUN [ "$WITH_PRINTING" != 1 ] || sh /tmp/image_chromium.sh
# The first process of a container has to collect the ended processes of a browser; ours does not.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
RUN useradd --create-home --uid 10001 tomoni && install -d -o tomoni -g tomoni /app /app/data
COPY --from=packages /venv /venv
WORKDIR /app
COPY --chown=tomoni:tomoni . .
RUN /venv/bin/python -m compileall -q .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    TOMONI_CONFIG=/app/config
USER tomoni
VOLUME ["/app/config", "/app/data"]
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.port", "8501"]

# syntax=docker/dockerfile:1
# Baca Juga with everything that it needs, for one user without rights.
#   docker build -t bacajuga .
#   docker run --rm -v bacajuga:/data -e BACAJUGA_CONTACT=you@your-newsroom.example bacajuga crawl data-breach

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/bacajuga
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY crawler crawler
COPY pipelines pipelines
COPY settings settings
# The versions that the tests ran with; the constraints hold for what builds the package, too.
ARG EXTRAS=postgres,archive
RUN PIP_CONSTRAINT=/src/constraints.txt /opt/bacajuga/bin/pip install ".[${EXTRAS}]"

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Baca Juga" \
      org.opencontainers.image.description="Follow a story through Indonesian news by its read-also links" \
      org.opencontainers.image.licenses="MIT"
# A fixed number, so that a folder of the host's can be given to it: chown 10001 folder
RUN useradd --uid 10001 --create-home --home-dir /data --shell /usr/sbin/nologin bacajuga
COPY --from=build /opt/bacajuga /opt/bacajuga
ENV PATH=/opt/bacajuga/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LANG=C.UTF-8
USER 10001
# The database, the jobs file, the exports and the logs, unless DATABASE_URL names a server.
WORKDIR /data
VOLUME /data
# What the program takes for Ctrl-C: it ends cleanly, the summary so far printed.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5m --timeout=30s --start-period=30s --retries=2 \
    CMD ["bacajuga", "doctor", "--offline", "--quiet"]
# In this form there is no shell in between: signals reach the program.
ENTRYPOINT ["bacajuga"]
CMD ["--help"]

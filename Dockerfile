# Dateline with its model: the image of the migrate and worker services, and of Prefect's server, of docker-compose.yml.
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /opt/dateline && /opt/dateline/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE prefect.yaml ./
COPY dateline dateline
COPY models models
COPY migrations migrations
COPY seeds seeds
COPY flows flows
RUN /opt/dateline/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home --home-dir /home/dateline dateline && install -d -o dateline -g dateline /var/lib/dateline
COPY --from=build /opt/dateline /opt/dateline
COPY --from=build /build/prefect.yaml /home/dateline/prefect.yaml
ENV PATH=/opt/dateline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    DO_NOT_TRACK=1
USER 10001:10001
WORKDIR /home/dateline
CMD ["dateline", "--help"]

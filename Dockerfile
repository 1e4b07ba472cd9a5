# One image for all processes of the served mode; docker-compose.yml says which runs what.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/krm/.venv/bin:$PATH
WORKDIR /krm

# The environment first, by the script that `make start` uses: it changes seldom
COPY bin/env.sh bin/
COPY requirements.txt requirements-node.txt package.json package-lock.json ./
COPY krm/__init__.py krm/assets.py krm/celery.py krm/
RUN bin/env.sh && rm -rf node_modules /root/.npm /var/lib/apt/lists/*

COPY . .
RUN useradd --system krm && mkdir -p /data && chown krm /data
USER krm

ENV KRM_MODE=served KRM_DATA_DIR=/data KRM_BIND=0.0.0.0 PORT=8000
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "krm.wsgi"]

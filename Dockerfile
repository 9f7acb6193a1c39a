FROM python:3.11-slim

# The data, so that the container needs no network when it runs.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends dataset-fashion-mnist \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app

COPY requirements.lock ./
RUN pip install --no-cache-dir --requirement requirements.lock

COPY . .

# Runs that the user trains are written here.
RUN useradd --create-home lab && chown -R lab /app/cached_runs
USER lab
VOLUME /app/cached_runs

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]

# Run it with `docker run --init -p 127.0.0.1:8501:8501`: --init reaps ended training processes.
# Under another name than localhost, set STREAMLIT_SERVER_ALLOWED_HOSTS to that name.
CMD ["python", "-m", "streamlit", "run", "streamlit_app.py", "--server.address=0.0.0.0", "--server.headless=true"]

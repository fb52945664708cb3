FROM python:3.11-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN useradd --system --home /data gatehouse && mkdir -p /data && chown gatehouse /data
USER gatehouse
ENV GATEHOUSE_DATA_DIR=/data PYTHONUNBUFFERED=1
EXPOSE 8000
CMD ["python", "manage.py", "web", "--host", "0.0.0.0"]

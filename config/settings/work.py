"""Where the truth is kept and how work is announced: database, Celery, counters, cache."""

from config.settings.installation import DATA_DIR, TESTING, env

# For how many seconds a process that starts waits for a database that is not there yet.
START_PATIENCE = env.float("START_PATIENCE", default=30.0)
ANSWERS_REQUESTS = env.bool("GATEHOUSE_ANSWERS_REQUESTS", default=False)

# --- Truth: the database ------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'gatehouse.db'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A writer takes its lock when the transaction begins, so it waits instead of failing midway.
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.db"}
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        # Seconds for which another one's transaction is waited for; somebody waits for ours.
        "timeout": 5 if ANSWERS_REQUESTS else 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    # Django's engine, whose connections are told whose rows to show.
    DATABASES["default"]["ENGINE"] = "tenants.postgresql"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    # A server that is gone without a word is noticed within a minute.
    for _name, _seconds in (("idle", 30), ("interval", 10), ("count", 3)):
        _options.setdefault(f"keepalives_{_name}", _seconds)
    _options.setdefault("connect_timeout", 3 if ANSWERS_REQUESTS else 10)
    # Seconds after which PostgreSQL gives up a query of a web process; 0 for never. Workers and
    # commands take the time they need.
    WEB_STATEMENT_SECONDS = env.float("WEB_STATEMENT_SECONDS", default=15.0)
    # The planner takes the policies of row-level security for a thousand times what they cost, and
    # would compile whatever reads a list for a second and a half: nothing of ours is worth that.
    _told = [_options.get("options", ""), "-c jit=off"]
    if ANSWERS_REQUESTS and WEB_STATEMENT_SECONDS > 0:
        _told.append(f"-c statement_timeout={round(WEB_STATEMENT_SECONDS * 1000)}")
    _options["options"] = " ".join(_told).strip()
DATABASES["default"]["CONN_MAX_AGE"] = 60
# Workers of one machine that send webhooks at a time; SQLite has one writer anyway.
WEBHOOK_SENDERS = env.int(
    "WEBHOOK_SENDERS", default=1 if DATABASES["default"]["ENGINE"].endswith("sqlite3") else 2
)

# --- What is taken in ---------------------------------------------------------------------------
# The largest document that is sent, in bytes, whichever door it is given at; the largest request
# body, in which it stands as text or in base64; and that of what the access point forwards.
MOST_DOCUMENT_BYTES = env.int("MOST_DOCUMENT_BYTES", default=10 * 2**20)
MOST_BODY_BYTES = env.int("MOST_BODY_BYTES", default=20 * 2**20)
# Resources that take no documents say smaller ones of their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = MOST_BODY_BYTES
MOST_INBOUND_BYTES = env.int("MOST_INBOUND_BYTES", default=150 * 2**20)
# Seconds in which something more of a body has to arrive.
BODY_PATIENCE = env.float("BODY_PATIENCE", default=15.0)

# --- The messenger: Celery ----------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
# For how long a request waits for Redis, in seconds.
REDIS_WAITS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
CELERY_BROKER_URL = "memory://" if TESTING else REDIS_URL or "filesystem://"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "config.schedule:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
if CELERY_BROKER_URL == "filesystem://":
    QUEUE_DIR = DATA_DIR / "queue"
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str | float] = {
        # Seconds between looks; the transport's own second is what somebody would wait.
        "polling_interval": 0.1,
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
    }
elif REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
    if ANSWERS_REQUESTS:
        # The sweeper finds what could not be announced at once.
        CELERY_BROKER_TRANSPORT_OPTIONS |= {**REDIS_WAITS, "max_retries": 0}
# How many processes answer requests (`manage.py web`): one, where they would share nothing.
_SHARED = bool(REDIS_URL) and not DATABASES["default"]["ENGINE"].endswith("sqlite3")
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=2 if _SHARED else 1)
# Counters of the rate limits: exact over all processes on Redis, over all threads of one without.
RATE_LIMIT_STORAGE = REDIS_URL or "memory://"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": REDIS_WAITS,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

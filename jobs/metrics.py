"""What Prometheus learns of background work."""

from prometheus_client import Counter, Gauge, Histogram

RUN = Counter(
    "jobs_run",
    "Attempts at tasks and periodic jobs, by how they ended: "
    "done, retried, failed, or lost with their worker.",
    ["name", "outcome"],
)
SECONDS = Histogram(
    "jobs_seconds",
    "How long an attempt took.",
    ["name"],
    buckets=(0.01, 0.1, 1, 10, 60, 600),
)
WAITING = Gauge(
    "jobs_waiting",
    "Tasks that should run now and that no worker has claimed yet.",
    multiprocess_mode="mostrecent",
)

"""Prometheus metrics of the live core."""

from prometheus_client import Counter, Gauge, Histogram

SOCKETS = Gauge("live_sockets", "Open sockets of this process.")
TOPICS = Gauge("live_topics", "Topics that this process follows.")
EVENTS_OUT = Counter("live_events_sent_total", "Events sent, one per socket.")
FRAMES_OUT = Counter("live_frames_sent_total", "Frames sent.")
COMMANDS = Counter("live_commands_total", "Commands received.", ["outcome"])
WRITES = Counter("live_writes_total", "Writes that the writer ran.")
BATCH_JOBS = Histogram(
    "live_batch_jobs", "Writes that shared a transaction.", buckets=(1, 2, 4, 8, 16, 32, 64)
)
WRITE_SECONDS = Histogram(
    "live_write_seconds",
    "Duration of a writer's transaction.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5),
)
CLOSED = Counter("live_sockets_closed_total", "Sockets that the server closed.", ["code"])
LATE_TICKS = Counter("live_tick_found_total", "Heads that the tick found before a hint did.")

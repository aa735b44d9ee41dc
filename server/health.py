"""What operators and proxies ask: alive, ready, metrics."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest


def alive(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, 503 otherwise. Redis is not asked: nothing needs it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return JsonResponse({"ready": False, "database": False}, status=503)
    return JsonResponse({"ready": True, "database": True, "build": settings.BUILD})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, with METRICS_TOKEN, or from loopback where none is set."""
    sent = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN:
        allowed = constant_time_compare(sent, f"Bearer {settings.METRICS_TOKEN}")
    else:
        is_direct = "X-Forwarded-For" not in request.headers
        allowed = is_direct and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}
    if not allowed:
        return HttpResponse("forbidden\n", status=403, content_type="text/plain")
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)

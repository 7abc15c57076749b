"""For those who run the portal: is it alive, is it ready to serve?"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200: the process takes requests. Touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and knows every migration, else 503 and which of the two fails."""
    problem = find_problem()
    return HttpResponse(
        f"{problem or 'ready'}\n", content_type="text/plain; charset=utf-8", status=503 if problem else 200
    )


def find_problem() -> str:
    """Why the portal cannot serve, in words that may be public; empty when it can."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "the database does not answer"
    return "migrations are waiting" if waiting else ""

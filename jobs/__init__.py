"""Background work: tasks that are retried, periodic jobs that run once across processes.

Owns the worker (a thread of the server in the embedded default, a process of its own in
production), leases of periodic jobs, and what becomes of a task whose worker died. Relies on
django-tasks for declaring and enqueuing tasks and on django-tasks-db for keeping them::

    @task()
    @retrying(attempts=5, first_delay=timedelta(seconds=10))
    def send_invitation(invitation_id: int) -> None: ...

    @periodic(name="members.forget_codes", every=timedelta(hours=1))
    def forget_codes() -> None: ...

    @following(name="search.index", kinds=["chat"], events=["message.posted"])
    def index(changes: Sequence[Change]) -> None: ...

The last reads the log behind the writes (``following.py``). All belong in an app's ``tasks.py``,
which is imported at start. A task that was enqueued in a transaction runs after its commit, within
about half a second. Tasks and periodic jobs run **at least once**: a worker may die after the work
and before it is written down, so doing it again must do no harm. Machines' clocks agree within 30
s.
"""

"""What background work keeps of people: nothing of its own; tasks are called with ids alone."""

from base.personal import Holdings, kept, nothing_to_erase, nothing_to_export, register_holdings

MACHINES = kept("names a job or a worker, no person")

register_holdings(
    Holdings(
        name="jobs.worker",
        columns={
            "jobs.Lease.name": MACHINES,
            "jobs.Lease.holder": MACHINES,
            "jobs.Beat.worker": MACHINES,
        },
        export=nothing_to_export,
        erase=nothing_to_erase,
    )
)

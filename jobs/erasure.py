"""What background work keeps of people: nothing of its own; tasks are called with ids alone."""

from base.personal import Holdings, kept, nothing_to_erase, nothing_to_export, register_holdings

MACHINES = kept("names a job, a worker or a reader of the log, no person")

register_holdings(
    Holdings(
        name="jobs.worker",
        columns={
            "jobs.Lease.name": MACHINES,
            "jobs.Lease.holder": MACHINES,
            "jobs.Beat.worker": MACHINES,
            "jobs.Follower.name": MACHINES,
        },
        export=nothing_to_export,
        erase=nothing_to_erase,
    )
)

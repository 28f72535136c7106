"""The queue of work in the background. It lies in the database, so that a reload or a restart loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from .records import now
from .tables import Job

if TYPE_CHECKING:
    from .store import Store

# a set whose assessment ended the program this often is left alone
MAX_ATTEMPTS = 3


def recover(store: Store) -> None:
    """Put work that a killed program had begun back into the queue; call it once when the program starts."""
    with store.begin() as session:
        stopped = select(Job).where(Job.state == "running")
        for job in session.scalars(stopped):
            again = job.attempts < MAX_ATTEMPTS
            job.state, job.done, job.changed_at = "waiting" if again else "failed", 0, now()
            job.error = (
                None if again else "The program ended three times while it worked on this set: try another video."
            )


def claim(store: Store) -> int | None:
    """Take the oldest waiting set to work on; None when nothing waits. Two claimants never get the same."""
    with store.begin() as session:
        waiting = select(Job.id).where(Job.state == "waiting").order_by(Job.id).limit(1).scalar_subquery()
        return session.scalar(
            update(Job)
            .where(Job.id == waiting, Job.state == "waiting")
            .values(state="running", attempts=Job.attempts + 1, changed_at=now())
            .returning(Job.set_id)
        )


def progress(store: Store, set_id: int, done: int, total: int) -> bool:
    """Note how far the work is; total 0 means unknown.

    Returns
    -------
    bool
        Whether the work is still wanted: not when the set was erased, or was put back into the queue.
    """
    with store.begin() as session:
        running = update(Job).where(Job.set_id == set_id, Job.state == "running")
        noted = session.scalar(running.values(done=done, total=total, changed_at=now()).returning(Job.id))
    return noted is not None


def finish(store: Store, set_id: int, error: str | None = None) -> None:
    """Note that the work ended: well, or with one sentence that says why not."""
    with store.begin() as session:
        session.execute(
            update(Job)
            .where(Job.set_id == set_id, Job.state == "running")
            .values(state="failed" if error else "done", error=error, changed_at=now())
        )


def put_back(store: Store) -> None:
    """Put what is under way back into the queue, because the program ends in an orderly way."""
    with store.begin() as session:
        running = update(Job).where(Job.state == "running")
        session.execute(running.values(state="waiting", done=0, attempts=Job.attempts - 1, changed_at=now()))


def ask_again(store: Store, set_id: int) -> None:
    """Put a set into the queue once more, after something about it was corrected."""
    with store.begin() as session:
        session.execute(
            update(Job)
            .where(Job.set_id == set_id)
            .values(state="waiting", done=0, total=0, error=None, attempts=0, changed_at=now())
        )

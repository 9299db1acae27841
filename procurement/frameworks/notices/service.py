"""Publishing the steps of a framework, inside the transaction that takes them."""

from collections.abc import Sequence

from app.core import clock, database


async def publish_steps(framework_ids: Sequence[int], kind: str) -> None:
    """Publish a step that frameworks themselves take: the call, coming into force, the end of the term."""
    await database.execute(
        """INSERT INTO framework_notice (framework_id, kind, published_at)
           SELECT id, $2, $3 FROM unnest($1::bigint[]) AS d (id) ORDER BY id""",
        *(list(framework_ids), kind, clock.now()),
    )


async def publish_admissions(admission_ids: Sequence[int]) -> None:
    """Publish admissions with their rate; one after the framework came into force is supplementary (令110 §40)."""
    await database.execute(
        """INSERT INTO framework_notice (framework_id, kind, admission_id, published_at)
           SELECT a.framework_id, CASE f.status WHEN 'in_force' THEN 'supplement' ELSE 'admission' END, a.id, $2
           FROM admission a JOIN framework f ON f.id = a.framework_id WHERE a.id = ANY($1) ORDER BY a.id""",
        *(list(admission_ids), clock.now()),
    )


async def publish_end(admission_id: int) -> None:
    """Publish that an admitted product has left or was removed (令110 §19, §20); an application leaves unseen."""
    await database.execute(
        """INSERT INTO framework_notice (framework_id, kind, admission_id, published_at)
           SELECT framework_id, CASE status WHEN 'removed' THEN 'removal' ELSE 'exit' END, id, $2
           FROM admission WHERE id = $1 AND published_at IS NOT NULL""",
        *(admission_id, clock.now()),
    )

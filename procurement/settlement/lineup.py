"""Whose turn it is: the one statement that a run and its preview judge waiting claims by.

The order under a cap is the one of rules.turn. What is deducted takes no money: it is deducted where the payee has more
to receive from the same budget line, so that no payment, no voucher and no kind of income falls to zero or below.
"""


def judged(cap: str) -> str:
    """Return the common table expressions that make ``judged`` of ``waiting``, by the parameter of the cap in fen.

    ``waiting`` has id, person_id and organization_id (0 for none), budget_line_id, amount_fen, turn and bar.
    """
    return f"""
in_turn AS (
    SELECT w.*, coalesce(w.bar, CASE WHEN w.amount_fen > 0 AND sum(greatest(w.amount_fen, 0)) OVER (
                                              PARTITION BY w.bar ORDER BY w.turn) > {cap}::bigint
                                     THEN 'short_of_money' END) AS hindered
    FROM waiting w),
earned AS (
    SELECT person_id, organization_id, budget_line_id, sum(amount_fen) AS fen FROM in_turn
    WHERE hindered IS NULL AND amount_fen > 0 GROUP BY person_id, organization_id, budget_line_id),
judged AS (
    SELECT t.*, CASE WHEN t.hindered IS NULL AND t.amount_fen < 0
                          AND coalesce(e.fen, 0) + sum(t.amount_fen) FILTER (WHERE t.amount_fen < 0) OVER (
                              PARTITION BY t.hindered, t.person_id, t.organization_id, t.budget_line_id ORDER BY t.turn)
                              <= 0
                     THEN 'nothing_to_deduct_from' ELSE t.hindered END AS reason
    FROM in_turn t LEFT JOIN earned e USING (person_id, organization_id, budget_line_id))"""

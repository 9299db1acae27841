"""The statements behind the bars: contracts, what waits under each, and which of them have waited longest."""

CONTRACTS = """
SELECT c.id, c.reference, c.organization_id, o.public_id AS organization_public_id, o.name_zh AS organization_zh,
       o.name_en AS organization_en, v.title_zh, v.title_en, place.code AS place_code, p.status,
       c.quantity + c.added AS quantity, c.unit_price_fen, c.accepted, c.offered_at, c.signed_at,
       t.advance_percent, t.advance_fen, t.milestones, standing_advance(c.id) AS standing_fen,
       offset_so_far(c.id) AS offset_fen, advance.status AS advance_status, advance.since AS advance_since,
       (SELECT count(*) FROM unit_payment u WHERE u.contract_id = c.id) AS claimed,
       coalesce((SELECT amount_fen FROM advance_return r WHERE r.contract_id = c.id), 0) AS returned_fen,
       contract_is_over(c.id) AS ended, CASE WHEN purchase_is_held(p.id) THEN p.challenged_at END AS stopped_since
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
JOIN organization o ON o.id = c.organization_id JOIN payment_terms t ON t.contract_id = c.id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
LEFT JOIN LATERAL (
    SELECT k.status, coalesce(b.paid_at, k.approved_at, k.accrued_at) AS since
    FROM contract_payment a JOIN claim k ON k.contract_payment_id = a.id
    LEFT JOIN settlement_item i ON i.claim_id = k.id AND i.live LEFT JOIN settlement_batch b ON b.id = i.batch_id
    WHERE a.contract_id = c.id AND a.kind = 'advance') AS advance ON true
WHERE {which} AND p.status <> ALL ($2) ORDER BY c.id DESC LIMIT $3
"""
# Every claim, and every order that is under way: what was delivered waits since its service was over, or since it was
# sent back, and is accepted by the town of its village; a claim belongs to its district. What is approved waits for its
# provider while the account that it would go to is one that the bank returned, and for finance once that is corrected.
_EACH = """
SELECT 'claim' AS what, k.contract_id, k.id, k.reference,
       CASE WHEN k.status NOT IN ('approved', 'returned_by_bank') THEN k.status WHEN EXISTS (
                SELECT FROM returned_account x WHERE x.organization_id = k.organization_id)
            THEN 'returned_by_bank' ELSE 'approved' END AS status, k.amount_fen, b.status AS batch_status,
       b.reference AS batch, district.code AS place_code, district.name_zh AS place_zh, district.name_en AS place_en,
       CASE k.status WHEN 'approved' THEN k.approved_at
           WHEN 'batched' THEN coalesce(b.approved_at, b.computed_at)
           WHEN 'paid' THEN b.paid_at
           WHEN 'accrued' THEN k.accrued_at
           ELSE coalesce((SELECT max(e.occurred_at) FROM audit_event e WHERE e.object_type = 'claim'
                          AND e.object_id = k.id AND e.action = 'claim.' || k.status), k.accrued_at) END AS since
FROM claim k JOIN place ON place.id = k.place_id JOIN place district ON district.code = left(place.code, 6)
LEFT JOIN settlement_item i ON i.claim_id = k.id AND i.live LEFT JOIN settlement_batch b ON b.id = i.batch_id
WHERE k.contract_id {which} AND k.status <> ALL ({without})
UNION ALL
SELECT 'order', o.contract_id, o.id, o.reference,
       CASE WHEN t.id IS NOT NULL THEN 'sent_back'
            WHEN o.status = 'delivered' AND EXISTS (SELECT FROM proofs_of(ARRAY[o.id]) WHERE present < needed)
            THEN 'unproven' ELSE o.status END,
       0, NULL, NULL, place.code, town.name_zh, town.name_en,
       CASE o.status WHEN 'placed' THEN o.placed_at
           WHEN 'delivered' THEN coalesce(j.judged_at, o.wished_start + make_interval(mins => o.minutes))
           ELSE o.wished_start END
FROM village_order o JOIN place ON place.id = o.place_id JOIN place town ON town.id = place.parent_id
LEFT JOIN rectification t ON t.village_order_id = o.id AND t.status = 'asked'
LEFT JOIN judgement j ON j.id = t.judgement_id
WHERE o.contract_id {which} AND o.status IN ('placed', 'taken', 'scheduled', 'delivered')
"""
# By where things stand, each group called by the one that has waited longest.
WAITS = f"""
SELECT what, contract_id, status, batch_status, sum(amount_fen)::bigint AS fen, count(*) AS count, min(since) AS since,
       (array_agg(id ORDER BY since, id))[1] AS id, (array_agg(reference ORDER BY since, id))[1] AS reference,
       (array_agg(batch ORDER BY since, id))[1] AS batch, (array_agg(place_code ORDER BY since, id))[1] AS place_code,
       (array_agg(place_zh ORDER BY since, id))[1] AS place_zh, (array_agg(place_en ORDER BY since, id))[1] AS place_en
FROM ({_EACH.format(which="= ANY($1)", without="'{}'")}) AS found
GROUP BY what, contract_id, status, batch_status
"""
# Somebody's desk goes before what the provider still answers, and that before what is still to be delivered, as in
# procurement.payments.holding.rules.holder: looking at all contracts of a year, the newest are not enough.
_OF_PLACES = """IN (
    SELECT c.id FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
    WHERE place.code LIKE ANY($1) AND (p.status <> ALL ('{closed,rated,refused,cancelled}') OR EXISTS (
        SELECT FROM claim k WHERE k.contract_id = c.id AND k.status = 'returned_by_bank')))"""
LONGEST = f"""
SELECT contract_id,
       coalesce(min(since) FILTER (WHERE turn = 0), min(since) FILTER (WHERE turn = 1), min(since)) AS since
FROM (
    SELECT contract_id, since, CASE WHEN what = 'claim' OR status IN ('delivered', 'unproven', 'sent_back') THEN 0
                                    WHEN status = 'placed' THEN 1 ELSE 2 END AS turn
    FROM ({_EACH.format(which=_OF_PLACES, without="'{paid,held,rejected,reversed}'")}) AS found
    UNION ALL SELECT c.id, c.offered_at, 0 FROM contract c JOIN purchase p ON p.id = c.purchase_id
    WHERE p.status = 'ordered' AND c.id {_OF_PLACES}) AS waiting
GROUP BY contract_id ORDER BY since, contract_id LIMIT $2
"""

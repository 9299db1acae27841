-- A provider answers an order within a clock and, if not taking it, says why; silence counts as no.

ALTER TABLE village_order ADD COLUMN answer_by timestamptz, ADD COLUMN refusal text NOT NULL DEFAULT '';
UPDATE village_order SET refusal = 'other' WHERE status = 'declined';
UPDATE village_order SET answer_by = least(now() + interval '4 days', wished_start) WHERE status = 'placed';
ALTER TABLE village_order
    ADD CONSTRAINT village_order_refusal
        CHECK (refusal IN ('', 'no_people', 'other_date', 'distance', 'not_ours', 'other', 'silence')),
    ADD CONSTRAINT village_order_refused CHECK ((status = 'declined') = (refusal <> '')),
    ADD CONSTRAINT village_order_silent CHECK (refusal <> 'silence' OR answered_by IS NULL),
    DROP CONSTRAINT village_order_answered,
    ADD CONSTRAINT village_order_answered
        CHECK (status IN ('placed', 'cancelled') OR answered_by IS NOT NULL OR refusal = 'silence');
CREATE INDEX village_order_clock ON village_order (answer_by) WHERE status = 'placed';

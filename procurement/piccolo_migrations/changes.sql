-- Another time for an order: proposed by one side, agreed by the other.

CREATE TABLE order_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    village_order_id bigint NOT NULL REFERENCES village_order ON DELETE RESTRICT,
    side text NOT NULL CHECK (side IN ('village', 'provider')),      -- who proposes
    wished_start timestamptz NOT NULL,
    note_zh text NOT NULL DEFAULT '',
    status text NOT NULL CHECK (status IN ('proposed', 'agreed', 'refused', 'withdrawn', 'lapsed')),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    answered_by bigint REFERENCES account ON DELETE RESTRICT,
    closed_at timestamptz,
    CONSTRAINT order_change_closed CHECK ((status = 'proposed') = (closed_at IS NULL)),
    CONSTRAINT order_change_answered CHECK ((status IN ('agreed', 'refused')) = (answered_by IS NOT NULL)),
    CONSTRAINT order_change_by_another CHECK (answered_by <> proposed_by)
);
CREATE UNIQUE INDEX order_change_once ON order_change (village_order_id) WHERE status = 'proposed';
CREATE INDEX order_change_order ON order_change (village_order_id);
CREATE INDEX order_change_proposed_by ON order_change (proposed_by);
CREATE INDEX order_change_answered_by ON order_change (answered_by) WHERE answered_by IS NOT NULL;

-- Villages that wait for a product's month which is full; who is served next is a public order (waiting/queries.py).

ALTER TABLE contract ADD CONSTRAINT contract_of_product UNIQUE (id, product_id);

CREATE TABLE village_wait (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    contract_id bigint NOT NULL,
    product_id bigint NOT NULL REFERENCES product ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    month date NOT NULL,
    wished_start timestamptz NOT NULL,
    note_zh text NOT NULL DEFAULT '',
    status text NOT NULL CHECK (status IN ('waiting', 'placed', 'left', 'ended')),
    village_order_id bigint UNIQUE REFERENCES village_order ON DELETE RESTRICT,
    asked_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    asked_at timestamptz NOT NULL,
    closed_at timestamptz,
    reason text NOT NULL DEFAULT '' CHECK (reason IN ('', 'no_day', 'contract_over')),
    FOREIGN KEY (contract_id, product_id) REFERENCES contract (id, product_id) ON DELETE RESTRICT,
    CONSTRAINT village_wait_month CHECK (month = hangzhou_month(wished_start)),
    CONSTRAINT village_wait_placed CHECK ((status = 'placed') = (village_order_id IS NOT NULL)),
    CONSTRAINT village_wait_closed CHECK ((status = 'waiting') = (closed_at IS NULL)),
    CONSTRAINT village_wait_reasoned CHECK ((status = 'ended') = (reason <> ''))
);
CREATE UNIQUE INDEX village_wait_once ON village_wait (place_id, product_id, month) WHERE status = 'waiting';
CREATE INDEX village_wait_queue ON village_wait (product_id, month) WHERE status = 'waiting';
CREATE INDEX village_wait_product ON village_wait (product_id);
CREATE INDEX village_wait_place ON village_wait (place_id);
CREATE INDEX village_wait_contract ON village_wait (contract_id, product_id);
CREATE INDEX village_wait_asked_by ON village_wait (asked_by);

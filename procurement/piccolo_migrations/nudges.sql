-- A provider nudges whoever holds its money: once for a thing and working day; they answer with words, once.
ALTER TABLE claim ADD CONSTRAINT claim_by_contract UNIQUE (id, contract_id);
CREATE TABLE nudge (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
    step text NOT NULL CHECK (step IN ('acceptance', 'approval', 'batching', 'checking', 'paying')),
    village_order_id bigint,
    claim_id bigint,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    waiting_since timestamptz NOT NULL,
    day date NOT NULL,                     -- the working day on which it counts
    sent_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    sent_at timestamptz NOT NULL,
    answer text NOT NULL DEFAULT '',
    answered_by bigint REFERENCES account ON DELETE RESTRICT,
    answered_at timestamptz,
    CONSTRAINT nudge_of_one_thing CHECK (num_nonnulls(village_order_id, claim_id) = 1
                                         AND (step = 'acceptance') = (village_order_id IS NOT NULL)),
    CONSTRAINT nudge_of_contract FOREIGN KEY (village_order_id, contract_id)
        REFERENCES village_order (id, contract_id) ON DELETE RESTRICT,
    CONSTRAINT nudge_of_claimed_contract FOREIGN KEY (claim_id, contract_id)
        REFERENCES claim (id, contract_id) ON DELETE RESTRICT,
    CONSTRAINT nudge_answered CHECK ((answered_by IS NULL) = (answered_at IS NULL)
                                     AND (answered_by IS NULL) = (answer = '')),
    CONSTRAINT nudge_answered_by_another CHECK (answered_by <> sent_by)
);
CREATE UNIQUE INDEX nudge_order_once ON nudge (village_order_id, day) WHERE village_order_id IS NOT NULL;
CREATE UNIQUE INDEX nudge_claim_once ON nudge (claim_id, day) WHERE claim_id IS NOT NULL;
CREATE INDEX nudge_contract ON nudge (contract_id);
CREATE INDEX nudge_claimed_contract ON nudge (claim_id, contract_id) WHERE claim_id IS NOT NULL;
CREATE INDEX nudge_place ON nudge (place_id, day);
CREATE INDEX nudge_sent_by ON nudge (sent_by);
CREATE INDEX nudge_answered_by ON nudge (answered_by) WHERE answered_by IS NOT NULL;

CREATE FUNCTION refuse_nudge_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.answered_at IS NOT NULL
       OR (NEW.contract_id, NEW.step, NEW.village_order_id, NEW.claim_id, NEW.place_id, NEW.waiting_since, NEW.day,
           NEW.sent_by, NEW.sent_at)
          IS DISTINCT FROM (OLD.contract_id, OLD.step, OLD.village_order_id, OLD.claim_id, OLD.place_id,
                            OLD.waiting_since, OLD.day, OLD.sent_by, OLD.sent_at) THEN
        RAISE EXCEPTION 'nudge % is kept as it was sent, and answered once', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'nudge_answered_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nudge_answered_once BEFORE UPDATE OR DELETE ON nudge
    FOR EACH ROW EXECUTE FUNCTION refuse_nudge_change();

-- Whether the thing that was nudged for is still where it was.
CREATE FUNCTION nudge_waits(of_step text, order_status text, claim_status text, batch_status text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE of_step
        WHEN 'acceptance' THEN order_status = 'delivered'
        WHEN 'approval' THEN claim_status = 'accrued'
        WHEN 'batching' THEN claim_status = 'approved'
        WHEN 'checking' THEN claim_status = 'batched' AND batch_status = 'computed'
        ELSE claim_status = 'batched' AND batch_status = 'approved' END
$$;

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

-- A proposal is made, closed once, and stays what it was.
CREATE FUNCTION keep_order_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.status = 'proposed' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'proposed'
       AND (NEW.id, NEW.public_id, NEW.village_order_id, NEW.side, NEW.wished_start, NEW.note_zh, NEW.proposed_by,
            NEW.proposed_at)
         = (OLD.id, OLD.public_id, OLD.village_order_id, OLD.side, OLD.wished_start, OLD.note_zh, OLD.proposed_by,
            OLD.proposed_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'another time is proposed, and answered once'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'order_change_answered_once';
END $$;
CREATE TRIGGER order_change_answered_once BEFORE INSERT OR UPDATE OR DELETE ON order_change
    FOR EACH ROW EXECUTE FUNCTION keep_order_change();

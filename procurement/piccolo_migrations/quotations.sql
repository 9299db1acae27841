-- Three sealed quotations below the threshold. A quotation is stored only as ciphertext; its key is split among the
-- keepers of its round, each share sealed to one keeper's public key. Nothing here can be read before the deadline,
-- by whatever role or from whatever backup, unless as many keepers as needed lend their passphrases.

CREATE TABLE quotation_request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purchase_id bigint NOT NULL UNIQUE REFERENCES purchase ON DELETE RESTRICT,
    category text NOT NULL CHECK (category IN ('legal_education', 'consultation', 'mediation', 'legal_aid',
                                               'notarization', 'forensic_appraisal')),
    unit text NOT NULL CHECK (unit IN ('lecture', 'visit', 'half_day', 'case', 'session')),
    ceiling_fen bigint NOT NULL CHECK (ceiling_fen > 0),     -- the highest price per unit; the money is reserved by it
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    CHECK (ends_on > starts_on)
);
CALL make_append_only('quotation_request');

CREATE TABLE quotation_requirement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bigint NOT NULL REFERENCES quotation_request ON DELETE RESTRICT,
    position integer NOT NULL CHECK (position > 0),
    text_zh text NOT NULL CHECK (text_zh <> ''),
    UNIQUE (request_id, position)
);
CALL make_append_only('quotation_requirement');

-- A keeper's pair of keys; the private half is sealed under a passphrase that only the keeper knows, and is
-- destroyed when the key is revoked.
CREATE TABLE keeper_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    public_key bytea NOT NULL UNIQUE CHECK (octet_length(public_key) = 32),
    salt bytea NOT NULL CHECK (octet_length(salt) = 16),
    private_sealed bytea,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    UNIQUE (account_id, id),
    CONSTRAINT keeper_key_destroyed CHECK ((revoked_at IS NULL) = (private_sealed IS NOT NULL))
);
CREATE UNIQUE INDEX keeper_key_live ON keeper_key (account_id) WHERE revoked_at IS NULL;

CREATE FUNCTION refuse_changed_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
       OR (NEW.id, NEW.account_id, NEW.public_key, NEW.salt, NEW.created_at)
          IS DISTINCT FROM (OLD.id, OLD.account_id, OLD.public_key, OLD.salt, OLD.created_at) THEN
        RAISE EXCEPTION 'a key is revoked or stays what it is'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'keeper_key_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keeper_key_is_frozen BEFORE UPDATE ON keeper_key FOR EACH ROW EXECUTE FUNCTION refuse_changed_key();

-- A round of invitations: who is asked, who keeps the key, until when. A second round follows where too few answered.
CREATE TABLE quotation_round (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    purchase_id bigint NOT NULL REFERENCES purchase ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    deadline timestamptz NOT NULL,
    needed integer NOT NULL CHECK (needed >= 2),             -- k: so many keepers open it together
    invited_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    invited_at timestamptz NOT NULL,
    UNIQUE (purchase_id, number)
);
CREATE INDEX quotation_round_invited_by ON quotation_round (invited_by);
CALL make_append_only('quotation_round');

CREATE TABLE quotation_invitation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    round_id bigint NOT NULL REFERENCES quotation_round ON DELETE RESTRICT,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    UNIQUE (round_id, organization_id),
    UNIQUE (id, round_id),
    UNIQUE (id, organization_id)
);
CREATE INDEX quotation_invitation_organization ON quotation_invitation (organization_id);
CALL make_append_only('quotation_invitation');

CREATE TABLE quotation_keeper (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round_id bigint NOT NULL REFERENCES quotation_round ON DELETE RESTRICT,
    position integer NOT NULL CHECK (position BETWEEN 1 AND 255),   -- the x of the keeper's share
    account_id bigint NOT NULL,
    keeper_key_id bigint NOT NULL,
    UNIQUE (round_id, position),
    UNIQUE (round_id, account_id),
    UNIQUE (id, round_id),
    FOREIGN KEY (account_id, keeper_key_id) REFERENCES keeper_key (account_id, id) ON DELETE RESTRICT
);
CREATE INDEX quotation_keeper_key ON quotation_keeper (account_id, keeper_key_id);
CALL make_append_only('quotation_keeper');

-- What a supplier hands in; the last one counts, a row without ciphertext takes it back.
CREATE TABLE sealed_quotation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    invitation_id bigint NOT NULL,
    round_id bigint NOT NULL,
    ciphertext bytea,
    ciphertext_sha256 bytea,
    submitted_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    received_at timestamptz NOT NULL,
    UNIQUE (id, round_id),
    UNIQUE (id, invitation_id),
    FOREIGN KEY (invitation_id, round_id) REFERENCES quotation_invitation (id, round_id) ON DELETE RESTRICT,
    CONSTRAINT sealed_quotation_hashed CHECK (ciphertext_sha256 IS NOT DISTINCT FROM sha256(ciphertext))
);
CREATE INDEX sealed_quotation_invitation ON sealed_quotation (invitation_id, id);
CREATE INDEX sealed_quotation_round ON sealed_quotation (round_id);
CREATE INDEX sealed_quotation_submitted_by ON sealed_quotation (submitted_by);
CALL make_append_only('sealed_quotation');

CREATE TABLE sealed_share (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    quotation_id bigint NOT NULL,
    keeper_id bigint NOT NULL,
    round_id bigint NOT NULL,
    sealed bytea NOT NULL,
    UNIQUE (quotation_id, keeper_id),
    FOREIGN KEY (quotation_id, round_id) REFERENCES sealed_quotation (id, round_id) ON DELETE RESTRICT,
    FOREIGN KEY (keeper_id, round_id) REFERENCES quotation_keeper (id, round_id) ON DELETE RESTRICT
);
CREATE INDEX sealed_share_keeper ON sealed_share (keeper_id, round_id);
CALL make_append_only('sealed_share');

-- After the deadline: each keeper's step, the shares it brought, the opening, and what was read.
CREATE TABLE quotation_unlock (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    keeper_id bigint NOT NULL UNIQUE,
    round_id bigint NOT NULL,
    unlocked_at timestamptz NOT NULL,
    UNIQUE (id, round_id),
    FOREIGN KEY (keeper_id, round_id) REFERENCES quotation_keeper (id, round_id) ON DELETE RESTRICT
);
CREATE INDEX quotation_unlock_keeper ON quotation_unlock (keeper_id, round_id);
CREATE INDEX quotation_unlock_round ON quotation_unlock (round_id);
CALL make_append_only('quotation_unlock');

CREATE TABLE opened_share (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unlock_id bigint NOT NULL,
    quotation_id bigint NOT NULL,
    round_id bigint NOT NULL,
    share bytea NOT NULL,
    UNIQUE (unlock_id, quotation_id),
    FOREIGN KEY (unlock_id, round_id) REFERENCES quotation_unlock (id, round_id) ON DELETE RESTRICT,
    FOREIGN KEY (quotation_id, round_id) REFERENCES sealed_quotation (id, round_id) ON DELETE RESTRICT
);
CREATE INDEX opened_share_quotation ON opened_share (quotation_id, round_id);
CALL make_append_only('opened_share');

CREATE TABLE quotation_opening (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    round_id bigint NOT NULL UNIQUE REFERENCES quotation_round ON DELETE RESTRICT,
    opened_at timestamptz NOT NULL,
    UNIQUE (id, round_id)
);
CALL make_append_only('quotation_opening');

CREATE TABLE opened_quotation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    opening_id bigint NOT NULL,
    round_id bigint NOT NULL,
    quotation_id bigint NOT NULL UNIQUE,
    organization_id bigint NOT NULL,
    readable boolean NOT NULL,                               -- false: altered or wrongly sealed, it could not be opened
    unit_price_fen bigint CHECK (unit_price_fen > 0),
    product_id bigint,
    product_version integer,
    words_zh text NOT NULL DEFAULT '',
    met integer[] NOT NULL DEFAULT '{}',                     -- positions of the requirements that the supplier undertakes
    legal_representative text NOT NULL DEFAULT '',
    controlled_by text NOT NULL DEFAULT '',
    invitation_id bigint NOT NULL,                           -- read as from the supplier who handed it in
    UNIQUE (id, opening_id),
    FOREIGN KEY (opening_id, round_id) REFERENCES quotation_opening (id, round_id) ON DELETE RESTRICT,
    FOREIGN KEY (quotation_id, round_id) REFERENCES sealed_quotation (id, round_id) ON DELETE RESTRICT,
    CONSTRAINT opened_quotation_as_sealed FOREIGN KEY (quotation_id, invitation_id)
        REFERENCES sealed_quotation (id, invitation_id) ON DELETE RESTRICT,
    CONSTRAINT opened_quotation_of_supplier FOREIGN KEY (invitation_id, organization_id)
        REFERENCES quotation_invitation (id, organization_id) ON DELETE RESTRICT,
    FOREIGN KEY (product_id, product_version) REFERENCES product_version (product_id, number) ON DELETE RESTRICT,
    CONSTRAINT opened_quotation_whole
        CHECK (num_nulls(unit_price_fen, product_id, product_version) = CASE WHEN readable THEN 0 ELSE 3 END)
);
CREATE INDEX opened_quotation_opening ON opened_quotation (opening_id, round_id);
CREATE INDEX opened_quotation_quotation ON opened_quotation (quotation_id, round_id);
CREATE INDEX opened_quotation_sealed ON opened_quotation (quotation_id, invitation_id);
CREATE INDEX opened_quotation_supplier ON opened_quotation (invitation_id, organization_id);
CREATE INDEX opened_quotation_product ON opened_quotation (product_id, product_version);
CALL make_append_only('opened_quotation');

CREATE TABLE quotation_exclusion (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opened_quotation_id bigint NOT NULL UNIQUE REFERENCES opened_quotation ON DELETE RESTRICT,
    ground text NOT NULL CHECK (ground IN ('same_control', 'requirement_not_met', 'false_papers', 'unreadable')),
    reason_zh text NOT NULL DEFAULT '',
    excluded_by bigint REFERENCES account ON DELETE RESTRICT,    -- NULL: the opening itself showed it
    excluded_at timestamptz NOT NULL,
    CONSTRAINT quotation_exclusion_reasoned
        CHECK (excluded_by IS NOT NULL AND reason_zh <> '' OR ground IN ('same_control', 'unreadable'))
);
CREATE INDEX quotation_exclusion_by ON quotation_exclusion (excluded_by) WHERE excluded_by IS NOT NULL;
CALL make_append_only('quotation_exclusion');

CREATE TABLE quotation_comparison (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opening_id bigint NOT NULL UNIQUE REFERENCES quotation_opening ON DELETE RESTRICT,
    proposed_id bigint NOT NULL,
    reasons_zh text NOT NULL DEFAULT '',
    body_zh text NOT NULL CHECK (body_zh <> ''),             -- the comparison sheet and the minutes
    text_sha256 bytea NOT NULL,
    made_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    made_at timestamptz NOT NULL,
    FOREIGN KEY (proposed_id, opening_id) REFERENCES opened_quotation (id, opening_id) ON DELETE RESTRICT,
    CONSTRAINT quotation_comparison_hashed CHECK (text_sha256 = sha256(convert_to(body_zh, 'UTF8')))
);
CREATE INDEX quotation_comparison_proposed ON quotation_comparison (proposed_id, opening_id);
CREATE INDEX quotation_comparison_made_by ON quotation_comparison (made_by);
CALL make_append_only('quotation_comparison');

-- How a round stands, read after its purchase has been locked: every writer below waits for the same row.
CREATE FUNCTION locked_round(wanted bigint, OUT purchase_id bigint, OUT status text, OUT requested_by bigint,
                             OUT deadline timestamptz, OUT needed integer, OUT latest boolean)
LANGUAGE plpgsql AS $$
BEGIN
    SELECT p.id, p.status, p.requested_by, r.deadline, r.needed INTO purchase_id, status, requested_by, deadline, needed
    FROM quotation_round r JOIN purchase p ON p.id = r.purchase_id WHERE r.id = wanted FOR NO KEY UPDATE OF p;
    latest := NOT EXISTS (SELECT FROM quotation_round r WHERE r.purchase_id = locked_round.purchase_id AND r.id > wanted);
END $$;

CREATE FUNCTION refuse_round_out_of_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before record;
BEGIN
    PERFORM FROM purchase WHERE id = NEW.purchase_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM quotation_request q WHERE q.purchase_id = NEW.purchase_id) THEN
        RAISE EXCEPTION 'suppliers are invited to what has been requested'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_round_requested';
    END IF;
    SELECT r.id, r.number, r.deadline, r.needed INTO before FROM quotation_round r
    WHERE r.purchase_id = NEW.purchase_id ORDER BY r.number DESC LIMIT 1;
    IF FOUND AND (NEW.number <> before.number + 1 OR clock_timestamp() < before.deadline AND before.needed <= (
            SELECT count(*) FROM quotation_keeper k JOIN keeper_key ON keeper_key.id = k.keeper_key_id
            WHERE k.round_id = before.id AND keeper_key.revoked_at IS NULL)) THEN
        RAISE EXCEPTION 'the round before is not over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_round_over';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quotation_round_over BEFORE INSERT ON quotation_round
    FOR EACH ROW EXECUTE FUNCTION refuse_round_out_of_turn();

CREATE FUNCTION require_whole_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM quotation_invitation WHERE round_id = NEW.id) < 3
       OR (SELECT count(*) FROM quotation_keeper WHERE round_id = NEW.id) < greatest(3, NEW.needed) THEN
        RAISE EXCEPTION 'three suppliers and three keepers at least'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_round_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER quotation_round_whole AFTER INSERT ON quotation_round DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION require_whole_round();

-- Who asked for the purchase holds no key to its quotations, nor does anybody of an invited supplier.
CREATE FUNCTION refuse_partial_keeper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM quotation_keeper k JOIN quotation_round r ON r.id = k.round_id JOIN purchase p ON p.id = r.purchase_id
        WHERE k.round_id = NEW.round_id AND (p.requested_by = k.account_id OR r.invited_by = k.account_id OR EXISTS (
            SELECT FROM membership m JOIN quotation_invitation i ON i.organization_id = m.organization_id
            WHERE i.round_id = NEW.round_id AND m.account_id = k.account_id))
    ) THEN
        RAISE EXCEPTION 'a keeper neither asked for the purchase nor belongs to a supplier'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_keeper_separate';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER quotation_keeper_separate AFTER INSERT ON quotation_keeper
    FOR EACH ROW EXECUTE FUNCTION refuse_partial_keeper();
CREATE TRIGGER quotation_keeper_separate AFTER INSERT ON quotation_invitation
    FOR EACH ROW EXECUTE FUNCTION refuse_partial_keeper();

-- The instant counts that this clock shows once the purchase is locked and the whole upload is here.
CREATE FUNCTION receive_quotation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round record;
BEGIN
    SELECT * INTO round FROM locked_round(NEW.round_id);
    NEW.received_at := clock_timestamp();
    IF round.status <> 'quotations_sealed' OR NOT round.latest THEN
        RAISE EXCEPTION 'the round takes no quotations'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_while_sealed';
    END IF;
    IF NEW.received_at >= round.deadline THEN
        RAISE EXCEPTION 'the deadline is over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_in_time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quotation_received BEFORE INSERT ON sealed_quotation
    FOR EACH ROW EXECUTE FUNCTION receive_quotation();

CREATE FUNCTION require_every_share() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM sealed_share WHERE quotation_id = NEW.id)
       <> (SELECT count(*) FROM quotation_keeper WHERE round_id = NEW.round_id AND NEW.ciphertext IS NOT NULL) THEN
        RAISE EXCEPTION 'a quotation is sealed to every keeper of its round'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_sealed_to_all';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER quotation_sealed_to_all AFTER INSERT ON sealed_quotation DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION require_every_share();

CREATE FUNCTION refuse_early_unlock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round record;
BEGIN
    SELECT * INTO round FROM locked_round(NEW.round_id);
    NEW.unlocked_at := clock_timestamp();
    IF round.status <> 'quotations_sealed' OR NOT round.latest THEN
        RAISE EXCEPTION 'there is nothing to open in this round'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_while_sealed';
    END IF;
    IF NEW.unlocked_at <= round.deadline THEN
        RAISE EXCEPTION 'no share is taken before the deadline'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_unlock_after_deadline';
    END IF;
    IF EXISTS (SELECT FROM quotation_keeper k JOIN membership m ON m.account_id = k.account_id
               JOIN quotation_invitation i ON i.organization_id = m.organization_id AND i.round_id = k.round_id
               WHERE k.id = NEW.keeper_id) THEN
        RAISE EXCEPTION 'a keeper does not belong to a supplier'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_keeper_separate';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quotation_unlock_after_deadline BEFORE INSERT ON quotation_unlock
    FOR EACH ROW EXECUTE FUNCTION refuse_early_unlock();

CREATE FUNCTION refuse_opening_alone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round record;
BEGIN
    SELECT * INTO round FROM locked_round(NEW.round_id);
    NEW.opened_at := clock_timestamp();
    IF (SELECT count(*) FROM quotation_unlock WHERE round_id = NEW.round_id) < round.needed THEN
        RAISE EXCEPTION 'an opening needs as many keepers as the round says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_opening_together';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quotation_opening_together BEFORE INSERT ON quotation_opening
    FOR EACH ROW EXECUTE FUNCTION refuse_opening_alone();

-- A purchase by quotations is opened, and compared, only as the records above say.
CREATE FUNCTION refuse_unrecorded_comparison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'opened' AND NOT EXISTS (
        SELECT FROM quotation_opening o JOIN quotation_round r ON r.id = o.round_id WHERE r.purchase_id = NEW.id) THEN
        RAISE EXCEPTION 'no opening is recorded'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_as_opened';
    END IF;
    IF NEW.organization_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM quotation_comparison c JOIN quotation_opening o ON o.id = c.opening_id
        JOIN quotation_round r ON r.id = o.round_id JOIN opened_quotation q ON q.id = c.proposed_id
        WHERE r.purchase_id = NEW.id AND NOT EXISTS (SELECT FROM quotation_exclusion x WHERE x.opened_quotation_id = q.id)
          AND (q.organization_id, q.product_id, q.product_version, q.unit_price_fen)
            = (NEW.organization_id, NEW.product_id, NEW.product_version, NEW.unit_price_fen)) THEN
        RAISE EXCEPTION 'supplier, product and price are those of the comparison'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_as_compared';
    END IF;
    IF NEW.approved_by IS NOT NULL AND EXISTS (
        SELECT FROM quotation_round r LEFT JOIN quotation_opening o ON o.round_id = r.id
        LEFT JOIN quotation_comparison c ON c.opening_id = o.id
        WHERE r.purchase_id = NEW.id AND NEW.approved_by IN (r.invited_by, c.made_by)) THEN
        RAISE EXCEPTION 'who invited or compared does not approve'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_approved_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER purchase_as_compared BEFORE INSERT OR UPDATE ON purchase
    FOR EACH ROW WHEN (NEW.method = 'quotation') EXECUTE FUNCTION refuse_unrecorded_comparison();

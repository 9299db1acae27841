-- How a credential was verified, its renewals, and the reminders before it ends.

ALTER TABLE credential
    ADD COLUMN verified_ground text NOT NULL DEFAULT '' CHECK (verified_ground IN ('', 'original', 'copy', 'register')),
    ADD COLUMN verified_note text NOT NULL DEFAULT '' CHECK (length(verified_note) <= 200),
    ADD COLUMN renews_id bigint;
UPDATE credential SET verified_ground = 'original' WHERE verified_at IS NOT NULL;  -- what the page asked for until now
ALTER TABLE credential
    ADD CONSTRAINT credential_verdict_says_how CHECK ((verified_ground = '') = (verified_at IS NULL)),
    ADD CONSTRAINT credential_renewed UNIQUE (id, person_id, kind, number);

-- A renewed licence keeps its number: it is the same person's, and stands behind the one it renews.
ALTER TABLE credential ADD CONSTRAINT credential_renews_its_own FOREIGN KEY (renews_id, person_id, kind, number)
    REFERENCES credential (id, person_id, kind, number) ON DELETE RESTRICT;
DROP INDEX credential_number_once;
CREATE UNIQUE INDEX credential_number_once ON credential (kind, number) WHERE refused_at IS NULL AND renews_id IS NULL;
CREATE UNIQUE INDEX credential_renewed_once ON credential (renews_id) WHERE renews_id IS NOT NULL AND refused_at IS NULL;
CREATE INDEX credential_ending ON credential (valid_until) WHERE verified_at IS NOT NULL;

CREATE FUNCTION refuse_renewal_of_refused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM credential WHERE id = NEW.renews_id AND refused_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'credential % was refused: there is nothing to renew', NEW.renews_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credential_renews_what_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER credential_renews_what_stands BEFORE INSERT ON credential
    FOR EACH ROW WHEN (NEW.renews_id IS NOT NULL) EXECUTE FUNCTION refuse_renewal_of_refused();

-- A refused link leaves the chain; so the number still belongs to the one person who holds a later link.
CREATE FUNCTION mend_chain_of_renewals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE credential SET renews_id = NEW.renews_id WHERE renews_id = NEW.id AND refused_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER credential_leaves_the_chain AFTER UPDATE ON credential
    FOR EACH ROW WHEN (OLD.refused_at IS NULL AND NEW.refused_at IS NOT NULL) EXECUTE FUNCTION mend_chain_of_renewals();

CREATE TABLE credential_reminder (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    credential_id bigint NOT NULL REFERENCES credential ON DELETE RESTRICT,
    days_before integer NOT NULL CHECK (days_before IN (60, 30, 7)),
    sent_at timestamptz NOT NULL,
    CONSTRAINT credential_reminder_once UNIQUE (credential_id, days_before)
);
CALL make_append_only('credential_reminder');

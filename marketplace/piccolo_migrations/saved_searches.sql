-- Searches that somebody keeps. What a person looks for says much about them: it is sealed with the person's own key.
CREATE TABLE saved_search (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    slot integer NOT NULL CONSTRAINT saved_search_slots CHECK (slot BETWEEN 1 AND 20),
    sealed bytea NOT NULL,                 -- its name and what is asked for
    told_until timestamptz NOT NULL,       -- what was listed up to here has been told, or was there before
    created_at timestamptz NOT NULL,
    CONSTRAINT saved_search_slot UNIQUE (account_id, slot)
);

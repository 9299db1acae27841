-- Accounts, sign-in, notifications, rules of law, attachments.

CREATE TABLE subject_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    master_key_id text NOT NULL,
    sealed_key bytea,                      -- NULL: destroyed, what it sealed is gone for good
    destroyed_at timestamptz,
    CHECK ((sealed_key IS NULL) = (destroyed_at IS NOT NULL))
);

CREATE TABLE account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    display_name text NOT NULL CHECK (display_name <> ''),
    email text UNIQUE CHECK (email = lower(email)),
    subject_key_id bigint NOT NULL REFERENCES subject_key ON DELETE RESTRICT,
    phone_sealed bytea,
    phone_digest bytea UNIQUE,
    password_hash text,
    totp_sealed bytea,
    totp_last_step bigint NOT NULL DEFAULT 0,
    locale text NOT NULL DEFAULT 'zh' CHECK (locale IN ('zh', 'en')),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'closed')),
    privacy_notice text,                   -- the version that was agreed to
    consented_at timestamptz,
    created_at timestamptz NOT NULL,
    CHECK ((phone_sealed IS NULL) = (phone_digest IS NULL))
);
CREATE INDEX account_subject_key ON account (subject_key_id);

CREATE TABLE membership (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    role text NOT NULL,
    place_code text,                       -- covers this place and all below it
    organization_id bigint,                -- marketplace adds the foreign key
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,
    deputy_for bigint REFERENCES account ON DELETE RESTRICT,
    granted_by bigint REFERENCES account ON DELETE RESTRICT,
    CHECK (valid_until IS NULL OR valid_until > valid_from),
    CHECK (deputy_for IS NULL OR valid_until IS NOT NULL),
    CONSTRAINT membership_granted_by_another CHECK (granted_by <> account_id),
    CONSTRAINT membership_deputy_of_another CHECK (deputy_for <> account_id)
);
CREATE UNIQUE INDEX membership_once ON membership
    (account_id, role, coalesce(place_code, ''), coalesce(organization_id, 0), valid_from);
CREATE INDEX membership_organization ON membership (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX membership_deputy ON membership (deputy_for) WHERE deputy_for IS NOT NULL;
CREATE INDEX membership_granted_by ON membership (granted_by) WHERE granted_by IS NOT NULL;

CREATE TABLE web_session (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_sha256 bytea NOT NULL UNIQUE,
    account_id bigint REFERENCES account ON DELETE RESTRICT,
    second_factor boolean NOT NULL DEFAULT false,
    csrf_token text NOT NULL,
    flash jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX web_session_account ON web_session (account_id);
CREATE INDEX web_session_expiry ON web_session (expires_at);

CREATE TABLE sign_in_code (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phone_digest bytea NOT NULL,           -- of the phone number or e-mail address that it was sent to
    code_sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    attempts_left integer NOT NULL CHECK (attempts_left >= 0),
    used_at timestamptz
);
CREATE INDEX sign_in_code_phone ON sign_in_code (phone_digest, created_at DESC);

-- One row per window and key: how often something rate-limited was tried.
CREATE TABLE attempt_window (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_sha256 bytea NOT NULL,
    window_start timestamptz NOT NULL,
    attempts integer NOT NULL CHECK (attempts > 0),
    UNIQUE (key_sha256, window_start)
);

CREATE TABLE api_token (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    name text NOT NULL CHECK (name <> ''),
    token_sha256 bytea NOT NULL UNIQUE,
    second_factor boolean NOT NULL,        -- made in a session with one; without it, no officer's permissions
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_at timestamptz
);
CREATE INDEX api_token_account ON api_token (account_id);

CREATE TABLE notification (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    account_id bigint REFERENCES account ON DELETE RESTRICT,
    channel text NOT NULL CHECK (channel IN ('in_app', 'sms', 'email')),
    recipient_sealed bytea,                -- phone or address, sealed with the subject's key
    subject_key_id bigint REFERENCES subject_key ON DELETE RESTRICT,
    msgid text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    secret_sealed bytea,                   -- values that only the recipient may see; wiped once sent
    link text NOT NULL DEFAULT '',
    once_key text CONSTRAINT notification_once UNIQUE,  -- the same message is never queued twice
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sending', 'sent', 'failed', 'read')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    read_at timestamptz,
    error text NOT NULL DEFAULT ''
);
CREATE INDEX notification_due ON notification (next_attempt_at) WHERE status IN ('queued', 'sending');
CREATE INDEX notification_unread ON notification (account_id) WHERE channel = 'in_app' AND status = 'sent';
CREATE INDEX notification_inbox ON notification (account_id, id DESC);
CREATE INDEX notification_subject_key ON notification (subject_key_id) WHERE subject_key_id IS NOT NULL;

-- What the demonstration gateway would have sent; readable on a page in demo mode.
CREATE TABLE demo_delivery (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    notification_id bigint UNIQUE REFERENCES notification ON DELETE RESTRICT,
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    recipient text NOT NULL,
    body text NOT NULL,
    delivered_at timestamptz NOT NULL
);

CREATE TABLE law_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule_key text NOT NULL,
    document text NOT NULL,
    article text NOT NULL,
    value numeric NOT NULL,
    unit text NOT NULL,
    jurisdiction text NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    note_zh text NOT NULL DEFAULT '',
    note_en text NOT NULL DEFAULT '',
    text_read boolean NOT NULL DEFAULT false,  -- who entered it had the text before him; else it is from memory
    verified_by bigint REFERENCES account ON DELETE RESTRICT,
    verified_at timestamptz,
    CHECK (effective_to IS NULL OR effective_to > effective_from),
    CHECK ((verified_by IS NULL) = (verified_at IS NULL)),
    UNIQUE (rule_key, jurisdiction, effective_from),
    CONSTRAINT law_rule_one_at_a_time EXCLUDE USING gist (
        int4range(hashtext(rule_key || '/' || jurisdiction), hashtext(rule_key || '/' || jurisdiction), '[]') WITH &&,
        daterange(effective_from, effective_to) WITH &&)
);
CREATE INDEX law_rule_verified_by ON law_rule (verified_by) WHERE verified_by IS NOT NULL;

CREATE TABLE attachment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    file_name text NOT NULL,
    media_type text NOT NULL,
    byte_count bigint NOT NULL CHECK (byte_count > 0),
    owner_type text NOT NULL,              -- what it belongs to; its permission decides who reads it
    owner_id bigint NOT NULL,
    uploaded_by bigint REFERENCES account ON DELETE RESTRICT,
    uploaded_at timestamptz NOT NULL
);
CREATE INDEX attachment_owner ON attachment (owner_type, owner_id);
CREATE INDEX attachment_uploaded_by ON attachment (uploaded_by) WHERE uploaded_by IS NOT NULL;

ALTER TABLE audit_event ADD FOREIGN KEY (actor_id) REFERENCES account ON DELETE RESTRICT;

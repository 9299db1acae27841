-- A post is named outside by a random id, as people and claims are.
ALTER TABLE mediator_post ADD COLUMN public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid();

-- Where the selection is found again that a sample was drawn for: the workbench leads back to it while it waits.
ALTER TABLE approval_sample ADD COLUMN address text NOT NULL DEFAULT ''
    CONSTRAINT approval_sample_address CHECK (address = '' OR starts_with(address, '/claims/approval?'));

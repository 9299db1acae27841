-- Two people with one account number: found without opening any, by a keyed digest.
ALTER TABLE person ADD COLUMN bank_account_digest bytea;
CREATE INDEX person_bank_account_digest ON person (bank_account_digest) WHERE bank_account_digest IS NOT NULL;
